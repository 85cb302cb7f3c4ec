"""The primary categories of the tables, and what arXiv calls them (https://arxiv.org/category_taxonomy); in Chinese the
usual words for that.
"""

NAMES = {
    "cs.CV": "Computer Vision and Pattern Recognition",
    "cs.CL": "Computation and Language",
    "cs.LG": "Machine Learning",
    "cs.AI": "Artificial Intelligence",
    "astro-ph.GA": "Astrophysics of Galaxies",
    "cs.RO": "Robotics",
    "quant-ph": "Quantum Physics",
    "cond-mat.mtrl-sci": "Materials Science",
    "astro-ph.CO": "Cosmology and Nongalactic Astrophysics",
    "cond-mat.mes-hall": "Mesoscale and Nanoscale Physics",
    "cond-mat.str-el": "Strongly Correlated Electrons",
    "astro-ph.IM": "Instrumentation and Methods for Astrophysics",
    "cs.GR": "Graphics",
    "cond-mat.stat-mech": "Statistical Mechanics",
    "physics.chem-ph": "Chemical Physics",
    "cond-mat.supr-con": "Superconductivity",
    "astro-ph.HE": "High Energy Astrophysical Phenomena",
    "astro-ph.SR": "Solar and Stellar Astrophysics",
    "gr-qc": "General Relativity and Quantum Cosmology",
    "cs.NE": "Neural and Evolutionary Computing",
    "cs.IT": "Information Theory",
    "astro-ph.EP": "Earth and Planetary Astrophysics",
    "hep-ph": "High Energy Physics - Phenomenology",
    "physics.comp-ph": "Computational Physics",
}

CHINESE = {
    "astro-ph.CO": "宇宙学与河外天体物理",
    "astro-ph.GA": "星系天体物理",
    "astro-ph.HE": "高能天体物理现象",
    "astro-ph.IM": "天文仪器与方法",
    "cond-mat.mes-hall": "介观与纳米尺度物理",
    "cond-mat.mtrl-sci": "材料科学",
    "cond-mat.stat-mech": "统计力学",
    "cond-mat.str-el": "强关联电子",
    "cond-mat.supr-con": "超导",
    "cs.AI": "人工智能",
    "cs.CL": "计算与语言",
    "cs.CR": "密码学与安全",
    "cs.CV": "计算机视觉与模式识别",
    "cs.GR": "图形学",
    "cs.HC": "人机交互",
    "cs.IR": "信息检索",
}
