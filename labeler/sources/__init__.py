"""Public sources of papers: an address such as ``arxiv:cs.CL`` is fetched, and read as the files are that come of it.

One service is one module of ``services/``. It says which pages to ask for; how that is done politely is the same for
all: ``transport.py`` sends a request, ``client.py`` repeats it, ``turns.py`` keeps the rate, ``cache.py`` what came.
"""
