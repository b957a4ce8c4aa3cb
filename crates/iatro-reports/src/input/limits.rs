//! What an archive may hold before it is refused: the guard against zip bombs.

use crate::error::{Error, Place, Result};

/// The most members an archive may have; a FAERS quarter has about 15.
const MOST_MEMBERS: usize = 512;
/// The most bytes a whole archive may unpack to; the largest quarter unpacks to under 1 GiB.
const MOST_BYTES: u64 = 16 << 30;
/// The greatest ratio of unpacked to packed bytes; report text packs about 10 to 1.
const MOST_RATIO: u64 = 100;
/// Below this size the ratio is not looked at: tiny repetitive tables pack very well.
const RATIO_FROM_BYTES: u64 = 8 << 20;

/// Refuses an archive with too many members.
pub(crate) fn check_members(archive: &Place, members: usize) -> Result<()> {
    if members <= MOST_MEMBERS {
        return Ok(());
    }
    Err(Error::refused(
        archive.clone(),
        format!("the archive lists {members} members"),
        format!("At most {MOST_MEMBERS} are unpacked. Unpack it by hand and name the folder."),
    ))
}

/// Refuses a member that unpacks suspiciously, or past the total; returns the new total.
pub(crate) fn check_member(member: &Place, packed: u64, unpacked: u64, total: u64) -> Result<u64> {
    let total = total.saturating_add(unpacked);
    let bomb = unpacked > RATIO_FROM_BYTES && unpacked / packed.max(1) > MOST_RATIO;
    if bomb {
        return Err(Error::refused(
            member.clone(),
            format!("{packed} bytes would unpack to {unpacked}: this looks like a zip bomb"),
            format!("At most {MOST_RATIO} to 1 is unpacked. Check where the file came from."),
        ));
    }
    if total > MOST_BYTES {
        return Err(Error::refused(
            member.clone(),
            format!("the archive would unpack to more than {MOST_BYTES} bytes"),
            "Check where the file came from, or unpack it by hand and name the folder.",
        ));
    }
    Ok(total)
}
