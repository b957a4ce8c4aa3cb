//! The loop that every simulation runs.

use std::ops::RangeInclusive;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What 95 % intervals are held to: with 4,000 replicates, chance alone stays within 0.7 points.
pub(crate) const CLAIMED: RangeInclusive<f64> = 0.93..=0.97;

/// Returns the share of replicates whose interval `[lower, upper]` holds the truth. `replicate` draws
/// a data set, and gives the interval and the truth, or `None` where the method gives no interval;
/// such replicates count neither way, and may be no more than 5 % of all.
pub(crate) fn coverage(
    name: &str,
    seed: u64,
    replicates: u32,
    mut replicate: impl FnMut(&mut ChaCha8Rng) -> Option<([f64; 2], f64)>,
) -> f64 {
    let (mut held, mut defined) = (0_u32, 0_u32);
    for stream in 0..replicates {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(u64::from(stream));
        if let Some(([lower, upper], truth)) = replicate(&mut rng) {
            defined += 1;
            held += u32::from(lower <= truth && truth <= upper);
        }
    }
    assert!(defined * 20 >= replicates * 19, "{name}: an interval in {defined} of {replicates}");
    let share = f64::from(held) / f64::from(defined);
    println!("{name}: {share:.4} of {defined} intervals hold the truth");
    share
}
