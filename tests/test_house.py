import ast
import re
import subprocess
import sys
import tomllib
from email.parser import Parser
from importlib import metadata
from pathlib import Path
from textwrap import dedent
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["events", "forecasts", "tracker"]
OURS = "programme-tracker"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def python(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own; modules of `cwd` come before ours."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env={"PYTHONPATH": f"{cwd}:{ROOT}"},
        check=False,
        capture_output=True,
        text=True,
    )


def imported() -> set[str]:
    """The packages that our modules name in their imports, wherever they stand."""
    files = [file for floor in FLOORS for file in (ROOT / floor).rglob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_bytes()))]
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    froms = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | froms}


def test_nobody_else_has_installed_our_names() -> None:
    owners = metadata.packages_distributions()

    assert {name: set(owners.get(name, [])) - {OURS} for name in FLOORS} == {
        name: set() for name in FLOORS
    }


def test_a_stranger_called_events_is_explained_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "events.py").write_text("class Events: ...", "utf-8")

    answer = python("-c", "import tracker", cwd=tmp_path)

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1].startswith("ImportError: the module `events` that")


def test_help_waits_for_nothing_heavy(tmp_path: Path) -> None:
    ask = """
        import sys
        sys.argv = ["tracker", "--help"]
        from tracker.__main__ import main
        try:
            main()
        finally:
            heavy = {"duckdb", "matplotlib", "pandas", "prophet", "pyarrow", "statsmodels"}
            print(*sorted(heavy & set(sys.modules)), file=sys.stderr)
    """

    answer = python("-c", dedent(ask), cwd=tmp_path)

    assert answer.returncode == 0
    assert "Usage: tracker" in answer.stdout
    assert answer.stderr == "\n"


def test_the_wheel_has_our_three_packages_and_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(FLOORS)


def test_the_wheel_satisfies_check_wheel_contents(wheel: Path) -> None:
    answer = python("-m", "check_wheel_contents", str(wheel), cwd=ROOT)

    assert answer.stdout.endswith("whl: OK\n"), answer.stdout + answer.stderr


@pytest.mark.parametrize(
    "folder",
    ["events/journals", "forecasts/priors", "tracker/page/assets", "tracker/page/templates"],
)
def test_the_wheel_ships_the_data(wheel: Path, folder: str) -> None:
    data = {f"{folder}/{file.name}" for file in (ROOT / folder).iterdir()}

    assert data
    assert data <= set(ZipFile(wheel).namelist())


def test_versions_agree(wheel: Path) -> None:
    (folder,) = {n.split("/")[0] for n in ZipFile(wheel).namelist() if ".dist-info" in n}
    built = Parser().parsestr(ZipFile(wheel).read(f"{folder}/METADATA").decode())

    assert built["Version"] == PROJECT["version"] == metadata.version(OURS)


def test_every_import_is_a_declared_dependency() -> None:
    extras = PROJECT["optional-dependencies"]
    wishes = [*PROJECT["dependencies"], *extras["team"], *extras["cluster"]]
    declared = {canonicalize_name(Requirement(wish).name) for wish in wishes}
    owners = metadata.packages_distributions()

    foreign = imported() - sys.stdlib_module_names - set(FLOORS)

    assert foreign
    assert {canonicalize_name(owners[name][0]) for name in foreign} <= declared


def test_the_lock_holds_every_dependency_at_a_version_it_allows() -> None:
    extras = PROJECT["optional-dependencies"].values()
    wishes = [*PROJECT["dependencies"], *(wish for extra in extras for wish in extra)]
    locked = dict(re.findall(r"^(\S+)==(\S+)", LOCK, re.MULTILINE))

    for wish in map(Requirement, wishes):
        assert wish.specifier
        assert locked[canonicalize_name(wish.name)] in wish.specifier


def test_every_package_of_the_lock_has_its_hash() -> None:
    packages = re.findall(r"^\S+==.*\n.*", LOCK, re.MULTILINE)

    assert packages
    assert all("--hash=sha256:" in package for package in packages)
