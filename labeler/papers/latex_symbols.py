"""The characters that commands of LaTeX stand for in formulas, by name (Unicode; S. Pakin's "The Comprehensive LaTeX
Symbol List")."""

from __future__ import annotations

_LETTERS = """alpha α beta β gamma γ delta δ epsilon ϵ eps ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
varkappa ϰ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ
psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ hslash ℏ
imath ı jmath ȷ wp ℘ Re ℜ Im ℑ aleph ℵ beth ℶ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅ forall ∀ exists ∃
nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △ square □ Box □ Diamond ◇ lozenge ◊ blacksquare ■ star ⋆ bigstar ★
prime ′ backslash \\ sharp ♯ flat ♭ natural ♮ degree ° celsius ℃ micro µ AA Å aa å ss ß o ø O Ø ae æ AE Æ oe œ OE Œ
l ł L Ł i ı j ȷ P ¶ S § dag † ddag ‡ dagger † ddagger ‡ checkmark ✓ pounds £ copyright © clubsuit ♣ diamondsuit ♢
heartsuit ♡ spadesuit ♠ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ lbrace { rbrace } langle ⟨ rangle ⟩
lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ lbrack [ rbrack ] sum ∑ prod ∏ coprod ∐
int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀ bigsqcup ⨆ odot ⊙ circ ∘
complement ∁ varOmega Ω eth ð surd √ hyphen - textendash – textemdash — textdegree ° textmu µ textquoteright ’
Bbbk 𝕜 digamma ϝ therefore ∴ because ∵ textasciitilde ~ textbackslash \\ slash / lt < gt >"""
_OPERATORS = """pm ± mp ∓ times × div ÷ cdot · ast ∗ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ cap ∩ cup ∪ uplus ⊎
sqcap ⊓ sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ rtimes ⋊ ltimes ⋉ bowtie ⋈ boxtimes ⊠
boxplus ⊞ le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ll ≪ gg ≫ ne ≠ neq ≠ sim ∼ thicksim ∼ simeq ≃ approx ≈
thickapprox ≈ approxeq ≊ cong ≅ equiv ≡ propto ∝ varpropto ∝ asymp ≍ doteq ≐ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆
lessgtr ≶ prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆
supseteq ⊇ subsetneq ⊊ supsetneq ⊋ sqsubseteq ⊑ sqsupseteq ⊒ mid ∣ nmid ∤ parallel ∥ nparallel ∦ perp ⊥ vdash ⊢ dashv ⊣
models ⊨ vDash ⊨ Vdash ⊩ unlhd ⊴ unrhd ⊵ lhd ⊲ rhd ⊳ triangleleft ◁ triangleright ▷ triangleq ≜ coloneqq ≔ to → gets ←
rightarrow → leftarrow ← leftrightarrow ↔ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Rightarrow ⇒ Leftarrow ⇐
Leftrightarrow ⇔ Longrightarrow ⟹ Longleftrightarrow ⟺ implies ⟹ iff ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪
hookleftarrow ↩ uparrow ↑ downarrow ↓ updownarrow ↕ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ rightharpoonup ⇀
rightleftharpoons ⇌ rightsquigarrow ⇝ leadsto ⇝ twoheadrightarrow ↠ rightarrowtail ↣ upharpoonright ↾"""
_BLACKBOARD = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}


def _pairs(text: str) -> dict[str, str]:
    parts = text.split()
    return dict(zip(parts[::2], parts[1::2], strict=True))


LETTERS = _pairs(_LETTERS)
OPERATORS = _pairs(_OPERATORS)
FUNCTIONS = frozenset(
    """arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max
    min mod Pr sec sin sinh sup tan tanh""".split()
)
ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "check": "\u030c", "tilde": "\u0303", "widetilde": "\u0303",
    "acute": "\u0301", "grave": "\u0300", "dot": "\u0307", "ddot": "\u0308", "breve": "\u0306", "bar": "\u0305",
    "overline": "\u0305", "vec": "\u20d7", "mathring": "\u030a", "underline": "\u0332", "underbar": "\u0332",
    "^": "\u0302", "'": "\u0301", "`": "\u0300", "~": "\u0303", "=": "\u0304", '"': "\u0308",
}  # fmt: skip


def blackboard(text: str) -> str:
    """The text with capital letters as they stand for sets of numbers: ``R`` becomes ℝ."""
    return "".join(
        _BLACKBOARD.get(letter) or (chr(0x1D538 + ord(letter) - 65) if "A" <= letter <= "Z" else letter)
        for letter in text
    )
