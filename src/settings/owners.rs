//! Whose settings files apply although the user did not name them.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// The users whose settings files apply without being named: the user of this process, root, and
/// the owner of the repository. Without this check, anyone who can write to a folder above the
/// working directory could switch off the checks of another user. On Windows, all owners are
/// accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TrustedOwners {
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "only Unix files have such an owner")
    )]
    user: u32,
    /// The owner of the root folder of the repository. A container that runs as root often reads
    /// the checkout of another user.
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "only Unix files have such an owner")
    )]
    repository: Option<u32>,
}

#[cfg(unix)]
impl TrustedOwners {
    const ROOT: u32 = 0;

    /// The trusted owners for files below the folder `repository`, which has a `.git`.
    pub(super) fn new(repository: Option<&Path>) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;

        let repository = repository.map(std::fs::metadata).transpose()?;
        Ok(Self {
            user: rustix::process::geteuid().as_raw(),
            repository: repository.map(|folder| folder.uid()),
        })
    }

    /// Fails if a file belongs to anyone else.
    pub(super) fn check(&self, file: &Metadata) -> Result<(), String> {
        use std::os::unix::fs::MetadataExt as _;

        self.check_user(file.uid())
    }

    fn check_user(&self, owner: u32) -> Result<(), String> {
        if [self.user, Self::ROOT].contains(&owner) || self.repository == Some(owner) {
            return Ok(());
        }
        let others = match self.repository {
            Some(_) => "you, root or the owner of the repository",
            None => "you or root",
        };
        Err(format!("the owner is user {owner}, not {others}"))
    }
}

#[cfg(not(unix))]
impl TrustedOwners {
    #[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
    pub(super) fn new(_repository: Option<&Path>) -> io::Result<Self> {
        Ok(Self {
            user: 0,
            repository: None,
        })
    }

    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as on Unix")]
    pub(super) fn check(&self, _file: &Metadata) -> Result<(), String> {
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn files_of_strangers_are_rejected() {
        let owners = TrustedOwners {
            user: 1000,
            repository: Some(1001),
        };
        for owner in [0, 1000, 1001] {
            assert_eq!(owners.check_user(owner), Ok(()), "{owner}");
        }
        let problem = owners.check_user(1002).expect_err("a stranger");
        assert!(problem.contains("user 1002"), "{problem}");
        let owners = TrustedOwners {
            repository: None,
            ..owners
        };
        assert!(owners.check_user(1001).is_err());
    }
}
