//! `getQuery` and `cancelQuery`: one query.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{DataKiosk, Query, QueryId, ROOT};
use crate::client::{Call, Operation, call};
use crate::{Error, polling};

pub(super) struct GetQuery<'a>(pub(super) &'a QueryId);

impl Call for GetQuery<'_> {
    const OPERATION: Operation = Operation {
        name: "getQuery",
        class: Class::Safe,
        // 2 a second.
        plan: Plan { interval: Duration::from_millis(500), burst: 15 },
    };
    type Answer = Query;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::get(&query(base, self.0)?)
    }
}

pub(super) struct CancelQuery<'a>(pub(super) &'a QueryId);

impl Call for CancelQuery<'_> {
    const OPERATION: Operation = Operation {
        name: "cancelQuery",
        class: Class::Idempotent,
        // 0.0222 a second.
        plan: Plan { interval: Duration::from_secs(45), burst: 10 },
    };
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::delete(&query(base, self.0)?)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

/// A query's address.
fn query(base: &Url, id: &QueryId) -> Result<Url, Error> {
    let id = call::path_id("queryId", id.as_str())?;
    call::address(base, &ROOT, &["queries", id])
}

impl DataKiosk<'_> {
    /// `getQuery`: how far one query is.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, or too old, and those of any
    /// call.
    pub async fn get_query(self, id: &QueryId) -> Result<Query, Error> {
        self.client.call(&GetQuery(id)).await
    }

    /// `getQuery`, again and again until the query is through or `patience` is over: the query as
    /// it was told last.
    ///
    /// It asks after 5 seconds, and then half as often each time, down to once a minute. Nothing
    /// is lost when it is broken off: ask again with the same id.
    ///
    /// # Errors
    /// Those of [`get_query`](Self::get_query).
    pub async fn wait_for_query(self, id: &QueryId, patience: Duration) -> Result<Query, Error> {
        let call = GetQuery(id);
        polling::until_final(self.client, patience, &call, |query| &query.processing_status).await
    }

    /// `cancelQuery`: takes back a query that is not through.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is through, and those of any call. That may be the doing
    /// of an earlier attempt whose answer was lost: [`get_query`](Self::get_query) then tells
    /// `CANCELLED`.
    pub async fn cancel_query(self, id: &QueryId) -> Result<(), Error> {
        self.client.call(&CancelQuery(id)).await
    }
}
