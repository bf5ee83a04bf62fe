//! Figures as they are kept and printed: never one alone, always the median of some and how far they lie apart.

use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of at least one figure.
    pub(crate) fn of(figures: &[f64]) -> Spread {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let median = (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2.0;
        Spread { least: sorted[0], median, most: sorted[sorted.len() - 1] }
    }

    /// Round by round, so that what made the machine slow for a while was the same for both.
    pub(crate) fn ratio(ours: &[f64], theirs: &[f64]) -> Spread {
        let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(our, their)| our / their).collect();
        Spread::of(&ratios)
    }

    /// Each median is among the figures of the other. What is printed alike is alike.
    pub(crate) fn confirms(self, before: Spread) -> bool {
        let has = |spread: Spread, figure| spread.least <= figure && figure <= spread.most;
        number(self.median) == number(before.median) || has(before, self.median) && has(self, before.median)
    }
}

/// `1.02 (0.97 to 1.05)`, `2,481 (2,390 to 2,502)`
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spread { least, median, most } = *self;
        if least == most {
            return f.write_str(&number(median));
        }
        write!(f, "{} ({} to {})", number(median), number(least), number(most))
    }
}

/// With two digits behind the point while it is small, and grouped when it is large.
pub(crate) fn number(figure: f64) -> String {
    if figure.abs() < 100.0 && figure.fract() != 0.0 {
        return format!("{figure:.2}");
    }
    let digits = format!("{:.0}", figure.abs());
    let mut grouped = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if figure < 0.0 { format!("-{grouped}") } else { grouped }
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    pub(crate) fn is_met(self, by: Spread) -> bool {
        match self {
            Goal::AtLeast(goal) => by.median >= goal,
            Goal::AtMost(goal) => by.median <= goal,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Goal::AtLeast(goal) => write!(f, "at least {}", number(*goal)),
            Goal::AtMost(goal) => write!(f, "at most {}", number(*goal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_of_each_round_and_not_of_the_medians() {
        // The machine was slow in the second round, for both.
        let ratio = Spread::ratio(&[100.0, 10.0, 90.0], &[50.0, 5.0, 60.0]);
        assert_eq!(ratio, Spread { least: 1.5, median: 2.0, most: 2.0 });
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(Spread::of(&[4.0, 1.0, 2.0, 3.0]).median, 2.5);
    }

    #[test]
    fn a_run_is_confirmed_by_medians_within_the_other_spread() {
        let [narrow, wide] = [&[1.0, 1.1, 1.2], &[0.5, 1.15, 3.0]].map(|figures| Spread::of(figures));
        assert!(narrow.confirms(wide) && wide.confirms(narrow));
        let [low, alike, apart] = [1.601, 1.604, 1.62].map(|figure| Spread::of(&[figure]));
        assert!(low.confirms(alike) && !low.confirms(apart) && !narrow.confirms(Spread::of(&[0.9, 0.95, 3.0])));
    }

    #[test]
    fn figures_can_be_read() {
        let spread = Spread { least: 987.0, median: 12345.6, most: 1234567.0 };
        assert_eq!(spread.to_string(), "12,346 (987 to 1,234,567)");
        assert_eq!(Spread::of(&[0.912]).to_string(), "0.91");
        assert_eq!(Goal::AtLeast(20000.0).to_string(), "at least 20,000");
    }
}
