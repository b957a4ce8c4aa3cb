//! Permutation p-values of both comparisons.

use rand::Rng;
use rand::RngExt;

use super::anderson_darling::a_squared;
use super::kolmogorov_smirnov::distance;
use super::pooled::{ComparisonError, Pooled};
use crate::numeric::random;

/// Permutation p-values, both from the same permutations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PermutationTest {
    /// p of the distance of Kolmogorov and Smirnov.
    pub kolmogorov_smirnov: f64,
    /// p of the statistic of Anderson and Darling; `None` if there is only one distinct value.
    pub anderson_darling: Option<f64>,
}

/// Tests whether two samples of times come from one distribution by `draws` random divisions of the
/// pooled times.
///
/// ```text
/// p = (1 + number of draws with a statistic at least as large) / (1 + draws)
/// ```
///
/// Ties need no correction: they are in every draw. p is never below 1 / (1 + `draws`), and its Monte
/// Carlo standard error is sqrt(p (1 - p) / draws). `draws` is 1 to 10,000,000; equal `seed`s give
/// equal results on every machine. Source: Phipson and Smyth 2010, Stat Appl Genet Mol Biol 9:39 (the
/// added ones).
///
/// # Errors
/// [`ComparisonError`] for an empty sample, a value that is not finite, or `draws` out of range.
pub fn permutation_test(
    first: &[f64],
    second: &[f64],
    draws: u32,
    seed: u64,
) -> Result<PermutationTest, ComparisonError> {
    if !(1..=10_000_000).contains(&draws) {
        return Err(ComparisonError::Draws { draws });
    }
    let pooled = Pooled::new(first, second)?;
    let tied = pooled.blocks.len() < 2;
    let far = distance(&pooled.blocks, pooled.sizes);
    let large = if tied { 0.0 } else { a_squared(&pooled.blocks, pooled.sizes) };
    let mut reached = [1_u32; 2];
    let mut blocks = pooled.blocks.clone();
    for draw in 0..draws {
        let mut rng = random::stream(seed, u64::from(draw));
        divide(&pooled, &mut blocks, &mut rng);
        reached[0] += u32::from(distance(&blocks, pooled.sizes) >= far);
        if !tied {
            // Equal divisions may differ in the last digits.
            let as_large = a_squared(&blocks, pooled.sizes) >= large * (1.0 - 1e-12);
            reached[1] += u32::from(as_large);
        }
    }
    let p = |count: u32| f64::from(count) / (f64::from(draws) + 1.0);
    Ok(PermutationTest {
        kolmogorov_smirnov: p(reached[0]),
        anderson_darling: (!tied).then(|| p(reached[1])),
    })
}

/// Draws which of the pooled values make up the first sample: selection sampling (Knuth 1997, *The
/// Art of Computer Programming* volume 2, section 3.4.2, algorithm S).
fn divide(pooled: &Pooled, blocks: &mut [[u64; 2]], rng: &mut impl Rng) {
    let mut wanted = pooled.sizes[0];
    let mut left = pooled.total();
    for (block, original) in blocks.iter_mut().zip(&pooled.blocks) {
        let size = original[0] + original[1];
        let mut chosen = 0;
        for _ in 0..size {
            if rng.random_range(0..left) < wanted {
                chosen += 1;
                wanted -= 1;
            }
            left -= 1;
        }
        *block = [chosen, size - chosen];
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn repeats_with_the_seed_and_counts_itself() {
        let (a, b) = ([1.0, 2.0, 2.0, 5.0], [3.0, 4.0, 4.0, 9.0, 9.0]);
        let one = permutation_test(&a, &b, 500, 3).unwrap();
        assert_eq!(permutation_test(&a, &b, 500, 3), Ok(one));
        assert_ne!(permutation_test(&a, &b, 500, 4), Ok(one));
        let equal = permutation_test(&[1.0], &[1.0], 9, 1).unwrap();
        assert_eq!(equal, PermutationTest { kolmogorov_smirnov: 1.0, anderson_darling: None });
        assert!(permutation_test(&a, &b, 0, 1).is_err());
    }
}
