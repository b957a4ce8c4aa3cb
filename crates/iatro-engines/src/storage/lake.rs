//! A lake on object storage: its marker, its current snapshot, the manifest, and then the files.

use std::path::Path;

use futures_util::StreamExt;
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::manifest::{Manifest, TableFile};
use iatro_reports::lake::store::{CURRENT, MANIFEST, MARKER, SNAPSHOTS, check_marker};
use iatro_reports::{Error, Place};
use object_store::ObjectStore;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::cache::{self, Cache};
use super::client::Client;
use super::error::{Result, StorageError, StorageErrorKind};
use super::files::{self, Fetched, Progress};
use super::location::Location;
use super::options::Options;

/// The most bytes of a marker, and of the file that names the current snapshot.
const SMALL: u64 = 1 << 16;

/// The most bytes of a manifest: some thousands of parts have less than one hundredth of it.
const LARGE: u64 = 1 << 28;

/// A lake on object storage.
pub struct RemoteLake {
    client: Client,
    runtime: Runtime,
}

impl RemoteLake {
    /// Makes ready to read a lake; asks nothing of the store yet.
    ///
    /// # Errors
    /// If a variable does not make sense, or the process can have no more files.
    pub fn new(location: Location, options: Options) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Error::read(Place::file(location.to_string()), e))?;
        Ok(Self { client: Client::new(location, options)?, runtime })
    }

    /// The snapshot with this dataset id, or the current one, with the files that are `wanted` (by their paths in the
    /// snapshot's folder) in the cache folder. Those that are there already, with the right hash, are not fetched.
    ///
    /// # Errors
    /// What [`StorageErrorKind`] tells apart; a lake of another schema; a cache folder that cannot be written.
    pub fn snapshot(
        &self,
        dataset_id: Option<&str>,
        wanted: &dyn Fn(&str) -> bool,
        cache: &Path,
        progress: &mut dyn Progress,
    ) -> Result<(Snapshot, Fetched)> {
        self.runtime.block_on(async {
            let client = &self.client;
            let id = client.dataset_id(dataset_id).await?;
            let (manifest, text) = client.manifest(&id, dataset_id.is_some()).await?;
            let cache = Cache::open(cache)?;
            let fetched = files::fetch(client, &cache, &manifest, wanted, progress).await?;
            // Last, so that there is no manifest without the files of a first fetch.
            let folder = cache.snapshot(&id);
            cache::put(&cache, &text, &folder.join(MANIFEST))?;
            Ok((Snapshot::open(&folder)?, fetched))
        })
    }
}

impl Client {
    /// Which snapshot is meant.
    async fn dataset_id(&self, asked: Option<&str>) -> Result<String> {
        let marker = match self.text(MARKER, SMALL).await {
            Err(error) if error.kind() == Some(StorageErrorKind::Missing) => {
                return Err(self.no_lake(error).await);
            }
            marker => marker?,
        };
        check_marker(&marker, Place::file(self.location.of(MARKER)))?;
        let (id, place) = match asked {
            Some(id) => (id.to_owned(), self.location.to_string()),
            None => match self.text(CURRENT, SMALL).await {
                Ok(text) => (text.trim().to_owned(), self.location.of(CURRENT)),
                Err(error) => return Err(self.no_current(error)),
            },
        };
        if (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(id);
        }
        let shown: String = id.chars().take(80).collect();
        let problem = format!("no dataset id: {shown:?}");
        let help = "Expected 32 hexadecimal digits.";
        Err(Error::bad_data(Place::file(place), problem, help).into())
    }

    /// The manifest of a snapshot, sound, and as it is written.
    async fn manifest(&self, id: &str, asked: bool) -> Result<(Manifest, String)> {
        let file = format!("{SNAPSHOTS}/{id}/{MANIFEST}");
        let text = match self.text(&file, LARGE).await {
            Err(error) if asked && error.kind() == Some(StorageErrorKind::Missing) => {
                return Err(StorageError::new(
                    StorageErrorKind::Missing,
                    &self.location,
                    format!("no snapshot \"{id}\" in this lake"),
                    "Leave --dataset out for the current one.",
                ));
            }
            text => text?,
        };
        let manifest = Manifest::parse(&text, Place::file(self.location.of(&file)))?;
        let sound = manifest.dataset_id == id && manifest.is_consistent();
        if !sound {
            return Err(self.changed(&file, "its contents do not give its dataset id".to_owned()));
        }
        let mut listed = manifest.tables.iter().chain(&manifest.arrays);
        if let Some(odd) = listed.find(|file| !is_plain(file)) {
            let problem = format!("it lists a file {:?}, which no lake has", odd.name);
            return Err(self.changed(&file, problem));
        }
        Ok((manifest, text))
    }

    fn no_current(&self, error: StorageError) -> StorageError {
        if error.kind() != Some(StorageErrorKind::Missing) {
            return error;
        }
        let problem = format!("this lake has no {CURRENT}");
        let help =
            "Its first ingest, or the copying of its folder, did not end. Copy the folder again.";
        StorageError::new(StorageErrorKind::Missing, &self.location, problem, help)
    }

    /// Tells a place where nothing is from one that holds something else; `error` if the store does not say.
    async fn no_lake(&self, error: StorageError) -> StorageError {
        let root = Some(self.location.root()).filter(|root| !root.as_ref().is_empty());
        let mut objects = self.store.list(root);
        let first = timeout(self.options.stall, objects.next()).await;
        let problem = match first {
            Ok(None) => "nothing is there".to_owned(),
            Ok(Some(Ok(_))) => format!("what is there is no lake (it has no {MARKER})"),
            // Who may read need not be allowed to list.
            Ok(Some(Err(_))) | Err(_) => return error,
        };
        let help = "Name the place to which a lake's folder was copied: `aws s3 sync LAKE s3://bucket/prefix`.";
        StorageError::new(StorageErrorKind::Missing, &self.location, problem, help)
    }
}

/// Whether a name is one that a lake gives: it leads to no other folder, on this disk or in the bucket.
fn is_plain(file: &TableFile) -> bool {
    let name = file.name.strip_prefix("history/").unwrap_or(&file.name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
