"""Finds LibreOffice for the test that opens an export in it, and installs it where there is none."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.debian import install

# Debian's smallest package with Calc; half a minute with what it needs.
PACKAGE = "libreoffice-calc-nogui"


def find_office() -> str | None:
    """The path of LibreOffice."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(office: str, file: Path, form: str) -> Path:
    """What LibreOffice makes of a file, by nothing but the file's name and content."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                office,
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                # Comma, quote, UTF-8: on a desk its dialog reads these from the mark and offers them.
                "--infilter=Text - txt - csv (StarCalc):44,34,76",
                "--convert-to",
                form,
                "--outdir",
                str(file.parent),
                str(file),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
    return file.with_suffix(f".{form}")


def main() -> int:
    """Say which LibreOffice the test will use; 1 where there is none and none could be installed."""
    if not find_office():
        install(PACKAGE)
    path = find_office()
    if not path:
        sys.stderr.write(
            "The test of exports needs LibreOffice Calc: install it, so that soffice is found.\n"
        )
        return 1
    sys.stdout.write(f"The test of exports will open them in {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
