//! The terminal: what it draws and how it reads keys.
//!
//! ```text
//! i18n theme text pinyin     texts, colours, cells, search without an input method: no terminal needed
//! keymap                     one table: what a key asks for, the footer and the help are made from it
//! policy_words               an exam policy in words, for the readiness screen and for `policy check`
//! reader_words               the words for a reader's line, for its screen and for `reader doctor`
//! readiness_words            the checks before opening in words, for their screen and for `session check`
//! facts app run terminal     the desk's facts as screens need them; the application; the loop; the terminal itself
//! widgets                    big type, plates, header, footer, fields
//! screens                    each screen: State, Data, on_key, view
//! ```
//!
//! Everything that draws is pure: `view(&State, &Data, &Look, area, buffer)` reads plain facts and returns where the
//! hardware cursor belongs. No screen reads a clock, a file or a lock, and none names a colour: it names a role of
//! [`theme`]. `State` is what a person did on the screen (cursor, typed text); facts come in as `Data` at each draw, so
//! no screen keeps a second copy of a truth.

pub mod app;
pub mod facts;
pub mod i18n;
pub mod keymap;
mod look;
pub mod pinyin;
pub mod policy_words;
pub mod reader_words;
pub mod readiness_words;
pub mod run;
pub mod sayings;
pub mod screens;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod widgets;

pub use look::Look;
