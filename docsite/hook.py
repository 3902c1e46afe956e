"""What MkDocs learns from the repository: the widget's hash, the icon, and the pages that lie at its top."""

from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from feedback.intake.widget import V1

ROOT: Final = Path(__file__).parents[1]
# Where a page of the top lies on the website.
TOP: Final = {
    "CHANGELOG.md": "changes.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "reporting.md",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Pin the script of the widget to the hash of this checkout."""
    config.extra["feedback_integrity"] = V1.integrity
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the top, whose links lead into docs/, and the icon."""
    for name, page in TOP.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, page, content=text))
    icon = ROOT / "feedback" / "static" / "icon.svg"
    files.append(File.generated(config, "images/icon.svg", abs_src_path=str(icon)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Let links out of docs/ to the pages of the top lead to where these are on the website."""
    for name, target in TOP.items():
        markdown = markdown.replace(f"](../{name}", f"]({target}").replace(f"]({name}", f"]({target}")
    return markdown


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG001
    """Give the theme's search the name that its role asks for."""
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"', 1)
