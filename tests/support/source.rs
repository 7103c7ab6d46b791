//! Reads Rust sources as far as the architecture asks: tokens without comments and literals, and the absolute path of
//! everything that is named through `crate::` or `super::`.
//!
//! No parser: it knows brackets, inline modules and `use` groups, which is all that a path can hide in.

/// One token: a word (identifier, keyword or number), `::`, or a single character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    /// From 1.
    pub line: usize,
}

/// Splits a source into tokens; comments, strings, characters and lifetimes are left out.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let (len, keep) = next(rest, first);
        let text = &rest[..len];
        if keep {
            found.push(Token { text, line });
        }
        line += text.matches('\n').count();
        rest = &rest[len..];
    }
    found
}

/// Length of what begins here, and whether it is a token.
fn next(rest: &str, first: char) -> (usize, bool) {
    let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), false);
    }
    if let Some(len) = raw_string(rest) {
        return (len, false);
    }
    if first == '"' || rest.starts_with("b\"") || rest.starts_with("c\"") {
        return (quoted(rest, '"'), false);
    }
    if rest.starts_with("b'") || (first == '\'' && is_character(rest)) {
        return (quoted(rest, '\''), false);
    }
    if first == '\'' {
        return (1 + word(&rest[1..]), false);
    }
    if rest.starts_with("::") {
        return (2, true);
    }
    match word(rest) {
        0 => (first.len_utf8(), !first.is_whitespace()),
        len => (len, true),
    }
}

/// `'x'` and `'\n'` are characters, `'a` is a lifetime.
fn is_character(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if tail.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                break;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

fn raw_string(rest: &str) -> Option<usize> {
    let body = ["r", "br", "cr"].iter().find_map(|prefix| {
        let tail = rest.strip_prefix(prefix)?;
        let hashes = tail.len() - tail.trim_start_matches('#').len();
        tail[hashes..].starts_with('"').then_some((prefix.len() + hashes + 1, hashes))
    });
    let (start, hashes) = body?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

fn quoted(rest: &str, quote: char) -> usize {
    let start = rest.find(quote).unwrap_or(0) + 1;
    let mut escaped = false;
    for (at, c) in rest[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return start + at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Something named from the crate's root: `["store", "plan", "Plan"]` for `crate::store::plan::Plan`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub path: Vec<String>,
    pub line: usize,
}

/// Everything that `source` names through `crate::` or `super::`. `module` is the path of the file's own module.
pub fn named(source: &str, module: &[String]) -> Vec<Named> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    // One entry for each open brace: the name of the inline module it opens, if any.
    let mut open: Vec<Option<String>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let text = |i: usize| tokens.get(i).map_or("", |token| token.text);
        let starts_path = text(at + 1) == "::" && (at == 0 || text(at - 1) != "::");
        match token.text {
            "{" => {
                let inline = at >= 2 && text(at - 2) == "mod";
                open.push(inline.then(|| text(at - 1).to_owned()));
            }
            "}" => drop(open.pop()),
            "crate" if starts_path => tree(&tokens, at + 2, Vec::new(), &mut found),
            "super" if starts_path => {
                let mut here: Vec<String> = module.to_vec();
                here.extend(open.iter().flatten().cloned());
                here.pop();
                tree(&tokens, at + 2, here, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// Reads what follows a `::`: a name, a group or `*`. Returns nothing; every leaf is pushed.
fn tree(tokens: &[Token], at: usize, mut base: Vec<String>, found: &mut Vec<Named>) {
    let Some(token) = tokens.get(at) else { return };
    match token.text {
        "{" => {
            let (mut depth, mut item) = (0usize, at + 1);
            for (i, inner) in tokens.iter().enumerate().skip(at) {
                match inner.text {
                    "{" => depth += 1,
                    "," if depth == 1 => {
                        tree(tokens, item, base.clone(), found);
                        item = i + 1;
                    }
                    "}" if depth == 1 => {
                        if tokens[item].text != "}" {
                            tree(tokens, item, base, found);
                        }
                        return;
                    }
                    "}" => depth -= 1,
                    _ => {}
                }
            }
        }
        name => {
            match name {
                "super" => drop(base.pop()),
                "self" => {}
                _ => base.push(name.to_owned()),
            }
            if tokens.get(at + 1).is_some_and(|token| token.text == "::") {
                tree(tokens, at + 2, base, found);
            } else {
                found.push(Named { path: base, line: token.line });
            }
        }
    }
}
