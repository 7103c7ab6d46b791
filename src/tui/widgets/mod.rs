//! The pieces that screens are drawn with. Each draws plain values into a [`Pen`]; none keeps anything.

pub mod big;
pub mod edge;
pub mod field;
pub mod footer;
pub mod frame;
pub mod header;
mod pen;
pub mod pick;
pub mod pictogram;
pub mod plate;
pub mod qr;
pub mod strip;
pub mod table;
pub mod tries;

pub use pen::Pen;
