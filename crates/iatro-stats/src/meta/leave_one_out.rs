//! The mean effect without each study in turn.

use super::{Effect, MetaError, RandomEffects, RandomOptions, random_effects};

/// Returns what [`random_effects`] gives without each study in turn, in the order given; `None` where
/// fewer than two are left.
///
/// One study whose absence moves the mean far, or takes the heterogeneity away, deserves a look.
///
/// # Errors
/// [`MetaError`] if an effect, a variance or the level is out of range; `study` is the index among
/// all studies.
pub fn leave_one_out(
    effects: &[Effect],
    options: &RandomOptions,
) -> Result<Vec<Option<RandomEffects>>, MetaError> {
    random_effects(effects, options)?;
    let without = |left_out: usize| {
        let mut rest = effects.to_vec();
        rest.remove(left_out);
        random_effects(&rest, options)
    };
    (0..effects.len()).map(without).collect()
}
