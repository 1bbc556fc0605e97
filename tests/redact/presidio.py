#!/usr/bin/env python3
"""Measures Microsoft Presidio's pattern recognizers on conversations with marks, for comparison.

Written for presidio-analyzer 2.2.366 with phonenumbers 9.0.43:

    pip install presidio-analyzer==2.2.366 phonenumbers==9.0.43
    python presidio.py FOLDER

FOLDER has the *.txt files that conversations/README.md describes. What counts is the same as in
src/redact/scrub/measure.rs: a personal mark is covered if every letter and digit of it is inside a
result, a harmless mark is touched if any of them is. Marks in `key = value` lines are not counted.

Only recognizers that work with patterns, checksums and `phonenumbers` run. spaCy's pipelines are
blank (no model), they only split the text into words, which Presidio needs for its context words.
English gets the generic recognizers and all that Presidio ships for English, German the generic and
the German ones. The threshold is Presidio's default. Nothing is loaded from the network.
"""

import inspect
import re
import sys
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import spacy
import tldextract
from presidio_analyzer import (
    AnalyzerEngine,
    PatternRecognizer,
    RecognizerRegistry,
    predefined_recognizers,
)
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

LANGUAGES = ["de", "en"]
PHONE_REGIONS = ("DE", "AT", "CH", "GB", "US", "IE")
# Presidio checks the domains of e-mail addresses: with the list in the package, not a download.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
MARK = re.compile(r"\[\[([^:]*):(.*?)\]\]|\{\{([^:]*):(.*?)\}\}")


@spacy.Language.component("words_as_lemmas")
def words_as_lemmas(doc):
    """Presidio looks for context words among the lemmas, which a blank pipeline leaves empty."""
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class BlankEngine(SpacyNlpEngine):
    """spaCy without a model: words, but no entities."""

    def load(self):
        self.nlp = {language: spacy.blank(language) for language in LANGUAGES}
        for pipeline in self.nlp.values():
            pipeline.add_pipe("words_as_lemmas")


def pattern_recognizers(language):
    """All generic pattern recognizers of Presidio, and those that it ships for the language."""
    for _, kind in sorted(inspect.getmembers(predefined_recognizers, inspect.isclass)):
        if not issubclass(kind, (PatternRecognizer, PhoneRecognizer)):
            continue
        shipped_for = inspect.signature(kind).parameters["supported_language"].default
        if kind is PhoneRecognizer:
            yield kind(supported_language=language, supported_regions=PHONE_REGIONS)
        elif ".generic." in kind.__module__ or shipped_for == language:
            yield kind(supported_language=language)


def make_analyzer():
    registry = RecognizerRegistry(supported_languages=LANGUAGES)
    for language in LANGUAGES:
        for recognizer in pattern_recognizers(language):
            registry.add_recognizer(recognizer)
    return AnalyzerEngine(registry, BlankEngine(), supported_languages=LANGUAGES)


def read_conversations(folder):
    """Yields language, transcript without marks, and marks (class, is personal, start, end)."""
    for file in sorted(Path(folder).glob("*.txt")):
        for part in re.split(r"^### ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, *lines = part.split("\n")
            transcript, marks = "", []
            for line in lines:
                if not line.startswith(("Assistant: ", "Customer: ")):
                    continue
                at = 0
                for mark in MARK.finditer(line):
                    transcript += line[at : mark.start()]
                    is_personal = mark[1] is not None
                    kind, text = mark.group(1, 2) if is_personal else mark.group(3, 4)
                    marks.append((kind, is_personal, len(transcript), len(transcript) + len(text)))
                    transcript += text
                    at = mark.end()
                transcript += line[at:] + "\n"
            yield title.split(" ")[1], transcript, marks


def measure(analyzer, folder):
    """Counts marks, and those covered or touched, by (language, is harmless, class)."""
    table = defaultdict(lambda: [0, 0])
    for language, text, marks in read_conversations(folder):
        found = set()
        for result in analyzer.analyze(text, language):
            found.update(range(result.start, result.end))
        for kind, is_personal, start, end in marks:
            inside = [at in found for at in range(start, end) if text[at].isalnum()]
            is_hit = all(inside) if is_personal else any(inside)
            for row_language in (language, "all"):
                for row_kind in (kind, "TOTAL"):
                    counts = table[row_language, not is_personal, row_kind]
                    counts[0] += 1
                    counts[1] += is_hit
    return table


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python presidio.py FOLDER")
    analyzer = make_analyzer()
    for package in ("presidio-analyzer", "phonenumbers"):
        print(package, version(package))
    print("score threshold", analyzer.default_score_threshold)
    for language in LANGUAGES:
        names = sorted(recognizer.name for recognizer in analyzer.get_recognizers(language))
        print(f"{len(names)} recognizers for {language}: {', '.join(names)}")
    table = measure(analyzer, sys.argv[1])
    for is_harmless, title, hit in ((False, "personal", "covered"), (True, "harmless", "touched")):
        print(f"\nlanguage {title:14} marks {hit}  share")
        rows = [(row[0], row[2]) for row in table if row[1] == is_harmless]
        for language, kind in sorted(rows, key=lambda r: (r[0] == "all", r[0], r[1] == "TOTAL", r)):
            marks, hits = table[language, is_harmless, kind]
            print(f"{language:8} {kind:14} {marks:5} {hits:7} {hits / marks:6.3f}")


if __name__ == "__main__":
    main()
