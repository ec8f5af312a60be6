"""The Elasticsearch server put together, once per machine, from what Maven Central has of it.

The finished folder lies in the user's cache. It is built beside its place, under a lock, and moved there
whole, so that several test runs may want it at the same time and none ever sees half of it.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

DEFAULT_VERSION = "8.19.21"
_HERE = Path(__file__).parent
_SOURCES = ("Launcher.java", "Analysis.java")
_MODULES = {
    "transport-netty4": {
        "classname": "org.elasticsearch.transport.netty4.Netty4Plugin",
        "modulename": "org.elasticsearch.transport.netty4",
    },
    "analysis-common": {"classname": "Analysis"},
}
"""Module → what its description says beside the versions."""

_JVM = (
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
    "-Djava.locale.providers=CLDR",
    "-Dlog4j2.disable.jmx=true",
    "-XX:-OmitStackTraceInFastThrow",
)
_VECTORS = "jdk.incubator.vector"
"""A module that makes vector search faster, from Java 21 on, where the Java has it."""


_LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


class Missing(Exception):
    """Something that a node needs is not on this machine."""


def version() -> str:
    """The version of Elasticsearch to test with."""
    return os.environ.get("FINDINGS_TEST_ELASTICSEARCH_VERSION") or DEFAULT_VERSION


def java() -> tuple[str, list[str]]:
    """The Java to run, from FINDINGS_TEST_JAVA_HOME, JAVA_HOME or the path, and options that suit it."""
    home = os.environ.get("FINDINGS_TEST_JAVA_HOME") or os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    if not found:
        raise Missing("Java is missing")
    modules = subprocess.run([found, "--list-modules"], capture_output=True, text=True).stdout
    told = re.search(r"java\.base@(\d+)", modules)
    have, need = int(told[1]) if told else 0, 17 if version().startswith("8.") else 21
    if have < need:
        raise Missing(
            f"Elasticsearch {version()} needs Java {need}, and here is Java {have or 'of no known version'}"
        )
    if "jdk.jlink@" not in modules:
        raise Missing(f"Elasticsearch needs a whole Java, and {found} is one cut down")
    newer = ["--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core"]
    vectors = [f"--add-modules={_VECTORS}"] if f"{_VECTORS}@" in modules else []
    return found, [*_JVM, *(newer + vectors if have >= 21 else ())]


def command(heap: str = "1g") -> list[str]:
    """What starts a node, but for its settings (`name=value` each); slow the first time on a machine."""
    program, options = java()
    home = distribution()
    return [
        *(program, f"-Xms{heap}", f"-Xmx{heap}", *options),
        *("-p", str(home / "lib"), "--add-modules", "org.elasticsearch.server"),
        *("-cp", str(home / "classes"), "Launcher", f"path.home={home}"),
    ]


def distribution() -> Path:
    """The folder of a runnable Elasticsearch; made if it is not there yet."""
    program, _ = java()
    recipe = b"".join((_HERE / name).read_bytes() for name in ("pom.xml", "distribution.py", *_SOURCES))
    name = f"elasticsearch-{version()}-{hashlib.sha256(recipe).hexdigest()[:8]}"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "findings-test"
    if not (cache / name).is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (cache / name).is_dir():
                for abandoned in cache.glob(f"{name}.part-*"):
                    shutil.rmtree(abandoned, ignore_errors=True)
                unfinished = Path(tempfile.mkdtemp(prefix=f"{name}.part-", dir=cache))
                _build(program, unfinished)
                unfinished.rename(cache / name)
    return cache / name


def _build(program: str, home: Path) -> None:
    for folder in ("lib", "config", "classes", *(f"modules/{name}" for name in _MODULES)):
        (home / folder).mkdir(parents=True)
    _fetch(home / "lib")
    _compile(program, home)
    for pattern in ("transport-netty4-*.jar", "netty-*.jar", "elasticsearch-ssl-config-*.jar"):
        for jar in (home / "lib").glob(pattern):
            jar.rename(home / "modules/transport-netty4" / jar.name)
    with zipfile.ZipFile(home / "modules/analysis-common/analysis.jar", "w") as jar:
        for compiled in (home / "classes").glob("Analysis*.class"):
            jar.write(compiled, compiled.name)
            compiled.unlink()
    for name in _MODULES:
        (home / "modules" / name / "plugin-descriptor.properties").write_text(_description(name))
    (home / "config/log4j2.properties").write_text(_LOGGING)


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if not maven:
        raise Missing("Maven is missing")
    fetched = subprocess.run(
        [
            *(maven, "--batch-mode", "--quiet", "--file", _HERE / "pom.xml", "dependency:copy-dependencies"),
            *(f"-DoutputDirectory={folder}", f"-Delasticsearch.version={version()}"),
        ],
        capture_output=True,
        text=True,
    )
    if fetched.returncode:
        raise Missing(f"Maven could not fetch Elasticsearch {version()}: {fetched.stdout[:500]}")


def _compile(program: str, home: Path) -> None:
    compiler = next((home / "lib").glob("ecj-*.jar"))
    jars = os.pathsep.join(str(jar) for jar in (home / "lib").glob("*.jar") if jar != compiler)
    sources = [str(_HERE / name) for name in _SOURCES]
    subprocess.run(
        [program, "-jar", compiler, "-17", "-nowarn", "-cp", jars, "-d", home / "classes", *sources],
        check=True,
    )
    compiler.unlink()


def _description(name: str) -> str:
    lines = {
        "name": name,
        "description": "put together for tests",
        "version": version(),
        "elasticsearch.version": version(),
        "java.version": "17",
        **_MODULES[name],
    }
    return "".join(f"{key}={value}\n" for key, value in lines.items())
