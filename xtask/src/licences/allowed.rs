//! The licences that crates may have.

use spdx::{Expression, ParseMode};

/// With their names in SPDX.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// What holds fonts may have the fonts' licences, too.
const FONTS: (&str, [&str; 2]) = ("epaint_default_fonts", ["OFL-1.1", "Ubuntu-font-1.0"]);

/// Why a crate with this licence expression can't be used; nothing where it can.
pub fn refusal(name: &str, expression: &str) -> Option<String> {
    let Ok(parsed) = Expression::parse_mode(expression, ParseMode::LAX) else {
        return Some(format!("{name}: \"{expression}\" isn't a licence that can be read"));
    };
    let fonts = if name == FONTS.0 { FONTS.1.as_slice() } else { &[] };
    let allowed = |id: &str| ALLOWED.contains(&id) || fonts.contains(&id);
    let fits = parsed.evaluate(|wanted| wanted.license.id().is_some_and(|id| allowed(id.name)));
    (!fits).then(|| format!("{name}: the licence {expression} isn't among those that are allowed"))
}
