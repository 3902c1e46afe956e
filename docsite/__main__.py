"""python -m docsite: write the parts of the docs that come from the code; --check only says which are old."""

import sys

from docsite.written import DOCS, PARTS, anew, page

stale = [name for name in PARTS if page(name) != anew(name)]
if "--check" in sys.argv and stale:
    sys.exit(f"Not as the code has it: {', '.join(f'docs/{name}' for name in stale)}. Run: python -m docsite")
for name in stale:
    (DOCS / name).write_text(anew(name), encoding="utf-8")
