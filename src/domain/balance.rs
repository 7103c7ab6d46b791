//! The balance that must hold before a session closes (rules.md §10): each equation with both sides, never just "error".

use super::event::AttendanceCounts;

/// One equation of the balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equation {
    /// `B1`, `B2` or `B3`.
    pub name: &'static str,
    /// The figure on the left.
    pub left: u32,
    /// The figures on the right, whose sum it must be.
    pub right: [u32; 2],
}

impl Equation {
    /// Whether both sides agree.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.difference() == 0
    }

    /// Left side less right side.
    #[must_use]
    pub fn difference(&self) -> i64 {
        i64::from(self.left) - self.right.iter().map(|n| i64::from(*n)).sum::<i64>()
    }
}

/// B1 登记 = 应到 + 作废, B2 应到 = 实到 + 缺考, B3 实到 = 交卷 + 终止 (nobody may still be inside).
#[must_use]
pub fn equations(counts: &AttendanceCounts) -> [Equation; 3] {
    [
        Equation { name: "B1", left: counts.registered, right: [counts.expected, counts.void] },
        Equation { name: "B2", left: counts.expected, right: [counts.present, counts.absent] },
        Equation { name: "B3", left: counts.present, right: [counts.handed_in, counts.removed] },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_day_balances_and_one_person_too_few_shows_where() {
        let mut counts = AttendanceCounts {
            registered: 60,
            expected: 60,
            present: 57,
            late: 2,
            absent: 3,
            handed_in: 57,
            ..Default::default()
        };
        assert!(equations(&counts).iter().all(Equation::holds));
        counts.absent = 2;
        let off: Vec<_> = equations(&counts).into_iter().filter(|e| !e.holds()).collect();
        assert_eq!((off.len(), off[0].name, off[0].difference()), (1, "B2", 1));
    }

    #[test]
    fn every_figure_stands_in_its_equation_and_none_is_too_great() {
        let names = |counts: AttendanceCounts| {
            equations(&counts).into_iter().filter(|e| !e.holds()).map(|e| e.name).collect::<Vec<_>>()
        };
        let none = AttendanceCounts::default();
        assert_eq!(names(AttendanceCounts { registered: 1, ..none }), ["B1"]);
        assert_eq!(names(AttendanceCounts { registered: 1, void: 1, ..none }), Vec::<&str>::new());
        assert_eq!(names(AttendanceCounts { expected: 1, absent: 1, ..none }), ["B1"]);
        assert_eq!(names(AttendanceCounts { present: 1, handed_in: 1, ..none }), ["B2"]);
        assert_eq!(names(AttendanceCounts { removed: 1, ..none }), ["B3"]);
        assert_eq!(names(AttendanceCounts { present: u32::MAX, absent: u32::MAX, ..none }), ["B2", "B3"]);
    }
}
