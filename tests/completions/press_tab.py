#!/usr/bin/env python3
"""Presses TAB in a shell with the completions of postcall, in a pseudo-terminal.

    press_tab.py SHELL INSTALLATION <CASES

INSTALLATION is the line of `postcall completions --help` for the shell. It finds `postcall` in
PATH. A case is a line of JSON: `line` is typed after `postcall `, then TAB. After that, the command
line has the arguments `becomes`, or the terminal shows all words of `shows`. Prints the cases that
fail.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

SECONDS = 60
ROWS, COLUMNS = 200, 300
ESCAPES = re.compile(r"\x1b(\[[0-9;?>=]*[a-zA-Z]|\][^\x07]*\x07|[()][A-Z0-9]|[=>78])|\x1b.|[\r\x07]")
PRINT_ARGUMENTS = "postcall() { local IFS='|'; echo \"<$*>\"; }\n"


def write_bash_files(home, installation):
    list_at_once = "bind 'set show-all-if-ambiguous on'\n"
    write(home + "/.bashrc", installation + "\n" + PRINT_ARGUMENTS + list_at_once)
    return ["bash", "-i"]


def write_zsh_files(home, installation):
    compinit = "autoload -Uz compinit; compinit -u\n"
    write(home + "/.zshrc", compinit + installation + "\n" + PRINT_ARGUMENTS)
    return ["zsh", "-i"]


def write_fish_files(home, installation):
    os.makedirs(home + "/.config/fish/completions")
    subprocess.run(["fish", "-c", installation], check=True)
    function = "function postcall; echo '<'(string join '|' -- $argv)'>'; end\n"
    # Suggestions from the history would be mixed with the command line.
    write(home + "/.config/fish/config.fish", function + "set -g fish_autosuggestion_enabled 0\n")
    return ["fish", "-i"]


SHELLS = {"bash": write_bash_files, "zsh": write_zsh_files, "fish": write_fish_files}


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Terminal:
    """A shell in a pseudo-terminal."""

    def __init__(self, command):
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.execvp(command[0], command)
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, size)
        self.syncs = 0
        self.shown = ""
        self.clear()

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def clear(self):
        """Deletes the command line and what was shown."""
        self.syncs += 1
        self.type(f"\x15postcall sync {self.syncs}\r")
        if not self.wait_for([f"<sync|{self.syncs}>"]):
            sys.exit(f"the shell does not answer: {self.shown}")
        self.shown = ""

    def wait_for(self, words):
        """Returns true if the terminal shows all words within some time."""
        end = time.monotonic() + SECONDS
        while not all(word in self.shown for word in words):
            rest = end - time.monotonic()
            if rest < 0 or not select.select([self.descriptor], [], [], rest)[0]:
                return False
            try:
                read = os.read(self.descriptor, 65536)
            except OSError:
                return False
            self.shown += ESCAPES.sub("", read.decode(errors="replace"))
        return True

    def end(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.descriptor)


def press_tab(terminal, case):
    terminal.type("postcall " + case["line"] + "\t")
    if "becomes" in case:
        terminal.type("\r")
        expected = ["<" + "|".join(case["becomes"]) + ">"]
    else:
        expected = case["shows"]
    passed = terminal.wait_for(expected)
    if not passed:
        print(f"postcall {case['line']}<TAB>: expected {expected}, shown: {terminal.shown!r}")
    terminal.clear()
    return passed


def main():
    shell, installation = sys.argv[1:]
    cases = [json.loads(line) for line in sys.stdin]
    # A process that a shell leaves behind may still write into its home.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        for name in list(os.environ):
            if name.startswith("XDG_") or name in ("ZDOTDIR", "BASH_ENV", "ENV", "INPUTRC"):
                del os.environ[name]
        os.environ.update(HOME=home, TERM="xterm", HISTFILE="")
        command = SHELLS[shell](home, installation)
        # Without this folder, fish starts a process that reads all man pages of the system.
        os.makedirs(home + "/.local/share/fish/generated_completions", exist_ok=True)
        os.mkdir(home + "/calls")
        os.chdir(home + "/calls")
        write("input-body.json", "{}")
        terminal = Terminal(command)
        failed = sum(not press_tab(terminal, case) for case in cases)
        terminal.end()
    print(f"{shell}: {len(cases) - failed} of {len(cases)} cases passed")
    sys.exit(failed > 0)


main()
