//! Destinations: `getDestinations`, `createDestination`, `getDestination`, `deleteDestination`.

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;
use wire::Class;

use super::{Destination, DestinationAt, DestinationId, Notifications, PLAN, ROOT};
use crate::Error;
use crate::client::call::{self, Payload};
use crate::client::{Call, Grant, Operation, Scope};

/// Destinations are the application's, not a seller's.
const GRANT: Grant = Grant::Application(Scope::Notifications);
const NAME_MAX_CHARS: usize = 256;

pub(super) struct GetDestinations;

impl Call for GetDestinations {
    const OPERATION: Operation =
        Operation { name: "getDestinations", class: Class::Safe, plan: PLAN };
    const GRANT: Grant = GRANT;
    type Answer = Payload<Vec<Destination>>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::get(&destinations(base)?)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateDestination<'a> {
    pub(super) name: &'a str,
    pub(super) resource_specification: &'a DestinationAt,
}

impl Call for CreateDestination<'_> {
    const OPERATION: Operation =
        Operation { name: "createDestination", class: Class::Once, plan: PLAN };
    const GRANT: Grant = GRANT;
    type Answer = Payload<Destination>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        if !(1..=NAME_MAX_CHARS).contains(&self.name.chars().count()) {
            return invalid("name", "the service takes 1 to 256 characters");
        }
        if let DestinationAt::Sqs { arn } = self.resource_specification
            && !arn.starts_with("arn:aws:sqs:")
        {
            return invalid("arn", "the resource name of an SQS queue begins with arn:aws:sqs:");
        }
        call::json(Method::POST, &destinations(base)?, self)
    }
}

pub(super) struct GetDestination<'a>(pub(super) &'a DestinationId);

impl Call for GetDestination<'_> {
    const OPERATION: Operation =
        Operation { name: "getDestination", class: Class::Safe, plan: PLAN };
    const GRANT: Grant = GRANT;
    type Answer = Payload<Destination>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::get(&destination(base, self.0)?)
    }
}

pub(super) struct DeleteDestination<'a>(pub(super) &'a DestinationId);

impl Call for DeleteDestination<'_> {
    const OPERATION: Operation =
        Operation { name: "deleteDestination", class: Class::Idempotent, plan: PLAN };
    const GRANT: Grant = GRANT;
    const REMOVES: bool = true;
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::delete(&destination(base, self.0)?)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

fn destinations(base: &Url) -> Result<Url, Error> {
    call::address(base, &ROOT, &["destinations"])
}

fn destination(base: &Url, id: &DestinationId) -> Result<Url, Error> {
    let id = call::path_id("destinationId", id.as_str())?;
    call::address(base, &ROOT, &["destinations", id])
}

impl Notifications<'_> {
    /// `getDestinations`: every destination of the application.
    ///
    /// # Errors
    /// Those of any call.
    pub async fn get_destinations(self) -> Result<Vec<Destination>, Error> {
        Ok(self.client.call(&GetDestinations).await?.payload)
    }

    /// `createDestination`: makes a queue or a bus known.
    ///
    /// It is sent once. After an error that leaves open whether it arrived,
    /// [`get_destinations`](Self::get_destinations) shows whether it is there.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn create_destination(
        self,
        name: &str,
        at: &DestinationAt,
    ) -> Result<Destination, Error> {
        let destination = CreateDestination { name, resource_specification: at };
        Ok(self.client.call(&destination).await?.payload)
    }

    /// `getDestination`: one destination.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this application, and those of any call.
    pub async fn get_destination(self, id: &DestinationId) -> Result<Destination, Error> {
        Ok(self.client.call(&GetDestination(id)).await?.payload)
    }

    /// `deleteDestination`: forgets a destination.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this application, and those of any call. What
    /// an earlier attempt deleted, whose answer was lost, is no error.
    pub async fn delete_destination(self, id: &DestinationId) -> Result<(), Error> {
        self.client.call(&DeleteDestination(id)).await
    }
}
