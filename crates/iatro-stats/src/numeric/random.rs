//! Streams of random numbers: ChaCha, always from an explicit seed.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Stream number `stream` of `seed`: the same numbers on every machine, and streams of one seed do
/// not overlap. A replicate, chain or fold takes a stream of its own, so that results do not depend
/// on the order in which they are computed.
pub(crate) fn stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_repeat_and_differ() {
        let draws = |s| (0..4).map(move |_| 0).scan(stream(7, s), |r, _| Some(r.next_u64()));
        assert!(draws(1).eq(draws(1)));
        assert!(!draws(1).eq(draws(2)));
    }
}
