use crate::client::Client;
use crate::record::{Records, record};

record! {
    /// A site: a row of `Plant`. Check the one you put into the call settings: Epicor is said to
    /// take an unknown one silently.
    Plant in "Erp.BO.PlantSvc/Plants" by ["Plant1"] {
        /// Like `MfgSys`.
        plant: String = "Plant1",
        name: String = "Name",
        /// The zone of the site's times of day.
        time_zone: String = "TimeZoneID",
    }
}

impl Client {
    /// The company's sites.
    #[must_use]
    pub fn plants(&self) -> Records<'_, Plant> {
        self.records()
    }
}
