//! The contrast table of screens.md §6 over the theme files, and the choice of a theme.

use super::*;

type Rgb = (u8, u8, u8);

/// Sixteen colours of a Linux console, xterm and foot 1.13, in this order.
const PALETTES: [[u32; 16]; 3] = [
    [
        0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa, 0x55_5555, 0xff_5555,
        0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
    ],
    [
        0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5, 0x7f_7f7f, 0xff_0000,
        0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
    ],
    [
        0x24_2424, 0xf6_2b5a, 0x47_b413, 0xe3_c401, 0x24_acd4, 0xf2_affd, 0x13_c299, 0xe6_e6e6, 0x61_6161, 0xff_4d51,
        0x35_d450, 0xe9_e836, 0x5d_c5f8, 0xfe_abf2, 0x24_dfc4, 0xff_ffff,
    ],
];

fn rgb(n: u32) -> Rgb {
    let byte = |shift: u32| u8::try_from(n >> shift & 0xff).unwrap();
    (byte(16), byte(8), byte(0))
}

fn cube(index: u8) -> Rgb {
    if index >= 232 {
        let grey = 8 + 10 * (index - 232);
        return (grey, grey, grey);
    }
    assert!(index >= 16, "the first sixteen differ between terminals");
    let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    let n = index - 16;
    (level(n / 36), level(n / 6 % 6), level(n % 6))
}

/// WCAG 2.x.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |(r, g, b): Rgb| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    let (x, y) = (luminance(a), luminance(b));
    (x.max(y) + 0.05) / (x.min(y) + 0.05)
}

fn pair(theme: &Theme, role: Role) -> (u8, u8) {
    let style = theme.style(role);
    match (style.fg, style.bg) {
        (Some(Color::Indexed(fg)), Some(Color::Indexed(bg))) => (fg, bg),
        other => panic!("{role:?} has no pair: {other:?}"),
    }
}

#[test]
fn the_256_colours_have_the_ratios_of_the_table() {
    let theme = Theme::load(Depth::Cube).unwrap();
    let table = [
        (Role::Plate(Plate::Ok), 8.0),
        (Role::Plate(Plate::Late), 15.0),
        (Role::Plate(Plate::Already), 15.6),
        (Role::Plate(Plate::Refused), 10.3),
        (Role::Plate(Plate::Proctor), 12.7),
        (Role::Plate(Plate::Unreadable), 13.6),
        (Role::Plate(Plate::Reading), 13.2),
        (Role::Plate(Plate::Fault), 10.3),
        (Role::Text, 13.6),
        (Role::Title, 21.0),
        (Role::Muted, 8.8),
        (Role::Good, 12.1),
        (Role::Warn, 15.0),
        (Role::Bad, 12.0),
        (Role::Info, 13.2),
        (Role::Bar, 9.4),
        (Role::Key, 12.7),
        (Role::Selection, 14.0),
        (Role::Field, 20.2),
        (Role::Strip, 20.2),
    ];
    for (role, expected) in table {
        let (fg, bg) = pair(&theme, role);
        let found = contrast(cube(fg), cube(bg));
        assert!((found - expected).abs() < 0.06, "{role:?}: {found:.1}, the table says {expected}");
        assert!(found >= 7.0, "{role:?}: {found:.1}");
    }
}

#[test]
fn sixteen_colours_reach_seven_in_all_three_palettes() {
    let theme = Theme::load(Depth::Sixteen).unwrap();
    for (name, role) in Role::all() {
        let (fg, bg) = pair(&theme, role);
        for (n, palette) in PALETTES.iter().enumerate() {
            let found = contrast(rgb(palette[usize::from(fg)]), rgb(palette[usize::from(bg)]));
            // An edge is a pattern, not text to be read.
            let floor = if matches!(role, Role::Edge(_)) { 4.5 } else { 7.0 };
            assert!(found >= floor, "{name} in palette {n}: {found:.1}");
        }
    }
}

#[test]
fn mono_tells_by_attributes_alone() {
    let theme = Theme::load(Depth::Mono).unwrap();
    for (name, role) in Role::all() {
        let style = theme.style(role);
        assert_eq!((style.fg, style.bg), (None, None), "{name}");
        assert!((style.add_modifier & (Modifier::DIM | Modifier::ITALIC | Modifier::SLOW_BLINK)).is_empty(), "{name}");
    }
}

#[test]
fn ink_differs_from_its_ground_in_every_theme() {
    for depth in Depth::ALL {
        let theme = Theme::load(depth).unwrap();
        for plate in Plate::ALL {
            let (ground, ink) = (theme.style(Role::Plate(plate)), theme.ink(Role::Plate(plate)));
            let look = |base: Style| {
                let all = base.add_modifier & !base.sub_modifier;
                (base.bg, all.contains(Modifier::REVERSED))
            };
            assert_ne!(look(ground), look(ground.patch(ink)), "{depth:?} {plate:?}");
        }
    }
}

#[test]
fn the_environment_chooses_the_depth() {
    for (no_color, colorterm, term, expected) in [
        (Some("1"), Some("truecolor"), Some("foot"), Depth::Mono),
        (Some(""), None, Some("xterm-256color"), Depth::Cube),
        (None, Some("truecolor"), Some("xterm"), Depth::Cube),
        (None, None, Some("xterm"), Depth::Sixteen),
        (None, None, Some("linux"), Depth::Sixteen),
        (None, None, Some("foot"), Depth::Cube),
        (None, None, Some("vt100"), Depth::Mono),
        (None, None, None, Depth::Mono),
    ] {
        assert_eq!(Depth::choose(no_color, colorterm, term), expected, "{no_color:?} {colorterm:?} {term:?}");
    }
    assert_eq!(Depth::from_word("16"), Some(Depth::Sixteen));
    assert_eq!(Depth::from_word("auto"), None);
}
