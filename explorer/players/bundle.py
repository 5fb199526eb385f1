"""One JavaScript text out of the modules in assets/players.

Streamlit components and exported pages take a single module, so the sibling modules are
joined: depth first along the imports, each file once, in one scope. Whatever could go wrong
silently in that joining (a missing sibling, a name that its sibling does not export, one name
in two files, a form of import that is not understood) is an error here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PLAYERS = Path(__file__).resolve().parents[2] / "assets" / "players"

_IMPORT = re.compile(
    r'^import \{ ?(?P<names>[\w$]+(?:, ?[\w$]+)*),? ?\} from "\./(?P<file>[\w-]+\.js)";$'
)
_DEFAULT = re.compile(r"^export default (?P<name>[\w$]+);$")
_EXPORT = re.compile(r"^export (?=(?:async |function|class|const|let))")
_DECLARATION = re.compile(
    r"^(?P<export>export )?(?:async )?"
    r"(?:function\*?|class|const|let|var) (?P<target>[\w$]+|\{[^}]*\}|\[[^\]]*\])"
)


@dataclass(frozen=True)
class _Module:
    body: str
    imports: tuple[tuple[str, tuple[str, ...]], ...]
    declared: tuple[str, ...]
    exported: frozenset[str]
    default: str | None


@lru_cache(maxsize=8)
def bundle(entry: str = "stage.js", *, folder: Path = PLAYERS) -> str:
    """Join ``entry`` and all it imports into one module text.

    Args:
        entry: file name of the module to start from; it must have ``export default name;``.
        folder: where the modules lie.

    Returns:
        The text of one ES module without imports, ending with ``export default name;``.

    Raises:
        FileNotFoundError: a module imports a sibling that is not there.
        ValueError: a name is declared at top level in two files, an imported name is not
            exported by its sibling, an import or export has a form that cannot be joined, or
            the entry has no default export.
    """
    modules = _collect(entry, folder)
    _check_names(modules)
    default = modules[entry].default
    if default is None:
        raise ValueError(f"{entry} has no default export; end it with 'export default name;'")
    bodies = [f"// {name}\n{module.body.strip()}" for name, module in modules.items()]
    return "\n\n".join([*bodies, f"export default {default};"]) + "\n"


def _collect(entry: str, folder: Path) -> dict[str, _Module]:
    """All modules that ``entry`` needs, each after those that it imports."""
    found: dict[str, _Module] = {}
    open_files: set[str] = set()

    def visit(name: str, importer: str) -> None:
        if name in found or name in open_files:
            return
        path = folder / name
        if not path.is_file():
            wanted_by = f"imported by {importer}" if importer else "the entry"
            raise FileNotFoundError(f"no module {name} in {folder} ({wanted_by})")
        open_files.add(name)
        module = _parse(name, path.read_text(encoding="utf-8"))
        for sibling, _ in module.imports:
            visit(sibling, name)
        found[name] = module

    visit(entry, "")
    return found


def _parse(name: str, text: str) -> _Module:
    body: list[str] = []
    imports: list[tuple[str, tuple[str, ...]]] = []
    declared: list[str] = []
    exported: set[str] = set()
    default: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _IMPORT.match(line):
            imports.append((match["file"], tuple(re.split(", ?", match["names"]))))
            continue
        if match := _DEFAULT.match(line):
            default = match["name"]
            continue
        if match := _DECLARATION.match(line):
            names = tuple(re.findall(r"[\w$]+", match["target"]))
            declared.extend(names)
            exported.update(names if match["export"] else ())
        body.append(_EXPORT.sub("", line))
        if re.match(r"(import|export)\b", body[-1]):
            raise ValueError(
                f"{name}, line {number}: cannot join {line!r}; write "
                "'import { a, b } from \"./sibling.js\";' on one line, or put export before "
                "a function, class, const or let"
            )
    return _Module("\n".join(body), tuple(imports), tuple(declared), frozenset(exported), default)


def _check_names(modules: dict[str, _Module]) -> None:
    owner: dict[str, str] = {}
    for name, module in modules.items():
        for declared in module.declared:
            if declared in owner:
                raise ValueError(
                    f"{declared!r} is declared at top level in {owner[declared]} and in {name}; "
                    "the modules share one scope when joined, so rename one of them"
                )
            owner[declared] = name
        for sibling, names in module.imports:
            missing = [wanted for wanted in names if wanted not in modules[sibling].exported]
            if missing:
                raise ValueError(f"{name} imports {', '.join(missing)}, not exported by {sibling}")
