//! Finds the paths in the repository's own Rust code, and the modules or external items that they
//! refer to. Test modules (`#[cfg(test)]`) are skipped.
//!
//! It reads tokens and knows no types: `crate`, `self` and `super`, child modules, renamed imports,
//! and re-exports are followed; items that a glob import brings in are not.

use std::collections::{HashMap, HashSet};

use super::source::{Token, code_with_attribute_paths, tokens};

/// Names of nested modules, from the root of the crate; empty for `lib.rs`.
pub(crate) type ModulePath = Vec<String>;

/// A path in the code, with its meaning.
#[derive(Debug)]
pub(crate) struct Reference {
    /// The module of the file that contains the path.
    pub from: ModulePath,
    /// Line number in the file, from 1.
    pub line: usize,
    /// The meaning of the path.
    pub target: Target,
}

/// The meaning of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A module of the crate, or an item in it. The root of the crate is the empty path.
    Module(ModulePath),
    /// A path outside the crate, such as `std::fs::read`; `*` for a glob import.
    External(Vec<String>),
}

/// Finds all paths in the files of a crate, given as pairs of file name below `src` and content.
pub(crate) fn references(files: &[(&str, &str)]) -> Vec<Reference> {
    let mut parsed = Parsed::default();
    for (name, source) in files {
        parsed.modules.insert(module_of(name));
        Parser::new(module_of(name), source, &mut parsed).parse();
    }
    let is_test = |module: &ModulePath| {
        let mut tests = parsed.test_modules.iter();
        tests.any(|test| module.starts_with(test))
    };
    let tested = parsed.paths.iter().filter(|path| !is_test(&path.file));
    tested
        .map(|path| Reference {
            from: path.file.clone(),
            line: path.line,
            target: parsed.resolve(&path.module, &path.segments, path.is_call, 0),
        })
        .collect()
}

/// The module of the file `name`, such as `json/fast/mod.rs`.
fn module_of(name: &str) -> ModulePath {
    let name = name.strip_suffix(".rs").unwrap_or(name);
    let segments = name.split('/').map(str::to_owned);
    let mut module: ModulePath = segments.collect();
    if module
        .last()
        .is_some_and(|last| last == "mod" || last == "lib")
    {
        module.pop();
    }
    module
}

/// A path as written.
struct WrittenPath {
    /// The module of the file.
    file: ModulePath,
    /// The module in which the path is written. It differs from `file` in inline modules.
    module: ModulePath,
    segments: Vec<String>,
    line: usize,
    /// True if an opening parenthesis follows, as in a function call.
    is_call: bool,
}

/// All files of a crate.
#[derive(Default)]
struct Parsed {
    modules: HashSet<ModulePath>,
    /// Modules of files that are declared under `#[cfg(test)]`.
    test_modules: Vec<ModulePath>,
    paths: Vec<WrittenPath>,
    /// The imported paths, by module and the name that they have there.
    imports: HashMap<(ModulePath, String), Vec<String>>,
}

/// The segment before a leading `::`, which makes a path external.
const EXTERNAL_ROOT: &str = "::";

impl Parsed {
    /// Resolves the path `segments` in `module`. `depth` limits chains of imports.
    fn resolve(&self, module: &[String], segments: &[String], call: bool, depth: usize) -> Target {
        let (first, rest) = segments.split_first().expect("a path has a segment");
        let external = || Target::External(segments.to_vec());
        match first.as_str() {
            // In the library, `postcall` works as a path only after `extern crate self as
            // postcall`.
            "crate" | "postcall" => self.descend(&[], rest, call, depth),
            "self" | "super" => {
                let levels = usize::from(first == "super");
                let parent = &module[..module.len().saturating_sub(levels)];
                match rest.first() {
                    Some(next) if next == "super" => self.resolve(parent, rest, call, depth),
                    _ => self.descend(parent, rest, call, depth),
                }
            }
            EXTERNAL_ROOT => Target::External(rest.to_vec()),
            _ if self.modules.contains(&child(module, first)) => {
                self.descend(module, segments, call, depth)
            }
            _ => match self.imports.get(&(module.to_vec(), first.clone())) {
                Some(import) if import[0] != *first && depth < 16 => {
                    let full = [import, rest].concat();
                    self.resolve(module, &full, call, depth + 1)
                }
                _ => external(),
            },
        }
    }

    /// Follows `rest` from `module` through child modules and re-exports.
    fn descend(&self, module: &[String], rest: &[String], call: bool, depth: usize) -> Target {
        let mut module = module.to_vec();
        for (index, name) in rest.iter().enumerate() {
            let next = child(&module, name);
            if self.modules.contains(&next) {
                module = next;
                continue;
            }
            let import = self.imports.get(&(module.clone(), name.clone()));
            if let Some(import) = import.filter(|_| depth < 16 && !module.is_empty()) {
                let full = [import, &rest[index + 1..]].concat();
                if let Target::Module(target) = self.resolve(&module, &full, call, depth + 1) {
                    return Target::Module(target);
                }
            }
            return Target::Module(module);
        }
        // A function of `lib.rs` may have the name of a module.
        if call && module.len() == 1 {
            module.clear();
        }
        Target::Module(module)
    }
}

fn child(module: &[String], name: &str) -> ModulePath {
    [module, &[name.to_owned()]].concat()
}

/// Parses the tokens of one file.
struct Parser<'p> {
    file: ModulePath,
    /// Inline modules around the current token, each with the brace depth at which it started.
    inline: Vec<(usize, String)>,
    depth: usize,
    tokens: Vec<Token>,
    at: usize,
    parsed: &'p mut Parsed,
}

impl<'p> Parser<'p> {
    fn new(file: ModulePath, source: &str, parsed: &'p mut Parsed) -> Self {
        Self {
            file,
            inline: Vec::new(),
            depth: 0,
            tokens: tokens(&code_with_attribute_paths(source)),
            at: 0,
            parsed,
        }
    }

    /// Text of the token `ahead` of the current one; empty behind the last.
    fn peek(&self, ahead: usize) -> &str {
        self.tokens
            .get(self.at + ahead)
            .map_or("", |token| &token.text)
    }

    fn starts_with(&self, texts: &[&str]) -> bool {
        texts
            .iter()
            .enumerate()
            .all(|(ahead, text)| self.peek(ahead) == *text)
    }

    fn module(&self) -> ModulePath {
        let inline = self.inline.iter().map(|(_, name)| name.clone());
        self.file.iter().cloned().chain(inline).collect()
    }

    fn parse(&mut self) {
        while self.at < self.tokens.len() {
            if self.starts_with(&["#", "[", "cfg", "(", "test", ")"])
                || self.starts_with(&["#", "[", "cfg", "(", "all", "(", "test"])
            {
                self.skip_test_item();
                continue;
            }
            match self.peek(0) {
                "{" => self.depth += 1,
                "}" => {
                    self.depth = self.depth.saturating_sub(1);
                    if self
                        .inline
                        .last()
                        .is_some_and(|(depth, _)| *depth == self.depth)
                    {
                        self.inline.pop();
                    }
                }
                "mod" if self.peek(2) == "{" => {
                    let name = self.peek(1).to_owned();
                    self.inline.push((self.depth, name));
                    let module = self.module();
                    self.parsed.modules.insert(module);
                    // The brace is counted in the next iteration.
                    self.at += 1;
                }
                // The visibility `pub(crate)` or `pub(in path)`.
                "pub" if self.peek(1) == "(" && is_visibility(self.peek(2)) => {
                    self.at += 1;
                    self.skip_group();
                    continue;
                }
                "use" if self.peek(1) != "<" => {
                    self.at += 1;
                    self.parse_use_tree(&[]);
                }
                "extern" if self.starts_with(&["extern", "crate", "self"]) => {
                    self.push_path(vec!["crate".to_owned()], self.at);
                    self.at += 2;
                }
                text if is_word(text) || text == "::" => {
                    self.parse_path();
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Skips `#[cfg(test)]`, further attributes, and the item below them.
    fn skip_test_item(&mut self) {
        while self.peek(0) == "#" {
            self.at += 1;
            self.skip_group();
        }
        if self.peek(0) == "pub" {
            self.at += 1;
            if self.peek(0) == "(" {
                self.skip_group();
            }
        }
        if self.peek(0) == "mod" && self.peek(2) == ";" {
            let module = child(&self.module(), self.peek(1));
            self.parsed.test_modules.push(module);
        }
        let ends_with_semicolon = ["use", "static", "type", "let"].contains(&self.peek(0))
            || self.peek(0) == "const" && self.peek(1) != "fn";
        loop {
            match self.peek(0) {
                "" => return,
                ";" => break self.at += 1,
                "{" => {
                    self.skip_group();
                    if !ends_with_semicolon {
                        return;
                    }
                }
                "(" | "[" => self.skip_group(),
                _ => self.at += 1,
            }
        }
    }

    /// Skips the bracket at the current token, and everything up to the one that closes it.
    fn skip_group(&mut self) {
        let mut nesting = 0_usize;
        loop {
            match self.peek(0) {
                "{" | "(" | "[" => nesting += 1,
                "}" | ")" | "]" => nesting -= 1,
                "" => return,
                _ => {}
            }
            self.at += 1;
            if nesting == 0 {
                return;
            }
        }
    }

    /// Parses a use tree below `prefix`, up to the token behind it.
    fn parse_use_tree(&mut self, prefix: &[String]) {
        let mut segments = prefix.to_vec();
        loop {
            match self.peek(0) {
                "::" if segments.is_empty() => segments.push(EXTERNAL_ROOT.to_owned()),
                "::" => {}
                "{" => {
                    self.at += 1;
                    while self.peek(0) != "}" && self.at < self.tokens.len() {
                        self.parse_use_tree(&segments);
                        if self.peek(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "*" => {
                    segments.push("*".to_owned());
                    self.push_path(segments, self.at);
                    self.at += 1;
                    return;
                }
                "self" if !segments.is_empty() => {}
                text if is_word(text) && text != "as" => segments.push(text.to_owned()),
                _ => break,
            }
            self.at += 1;
        }
        let start = self.at;
        if segments.is_empty() {
            return;
        }
        let mut name = segments[segments.len() - 1].clone();
        if self.peek(0) == "as" {
            self.peek(1).clone_into(&mut name);
            self.at += 2;
        }
        let module = self.module();
        self.parsed.imports.insert((module, name), segments.clone());
        self.push_path(segments, start);
    }

    /// Parses a path in an expression, type, attribute or macro argument.
    fn parse_path(&mut self) {
        let start = self.at;
        let before = start
            .checked_sub(1)
            .map_or(String::new(), |before| self.tokens[before].text.clone());
        let mut segments = Vec::new();
        if self.peek(0) == "::" {
            segments.push(EXTERNAL_ROOT.to_owned());
            self.at += 1;
        }
        while is_word(self.peek(0)) {
            segments.push(self.peek(0).to_owned());
            self.at += 1;
            if self.peek(0) != "::" || !is_word(self.peek(1)) {
                break;
            }
            self.at += 1;
        }
        if self.at == start {
            self.at += 1;
        }
        // A field or method, or the rest of a path behind `<T>::`.
        let is_rest = before == "." || before == ">" && segments[0] == EXTERNAL_ROOT;
        let is_keyword = |name: &String| name == "crate" || name == "super";
        if !is_rest && (segments.len() > 1 || segments.first().is_some_and(is_keyword)) {
            self.push_path(segments, start);
        }
    }

    fn push_path(&mut self, segments: Vec<String>, start: usize) {
        let is_call = self.peek(0) == "(";
        let line = self.tokens.get(start).map_or(0, |token| token.line);
        self.parsed.paths.push(WrittenPath {
            file: self.file.clone(),
            module: self.module(),
            segments,
            line,
            is_call,
        });
    }
}

fn is_visibility(text: &str) -> bool {
    ["crate", "super", "self", "in"].contains(&text)
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}
