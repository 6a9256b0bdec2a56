use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::client::Client;
use crate::error::Error;
use crate::odata::Filter;
use crate::record::{Records, record};

record! {
    /// A currency: a row of `Currency`.
    Currency in "Erp.BO.CurrencySvc/Currencies" by ["CurrencyCode"] {
        /// The company's own code, usually the ISO one.
        currency_code: String = "CurrencyCode",
        /// The ISO code people see.
        currency_id: String = "CurrencyID",
        description: String = "CurrDesc",
        /// The company's base currency.
        base: bool = "BaseCurr",
        /// Decimals of amounts.
        decimals: i64 = "DecimalsGeneral",
        /// Decimals of unit prices.
        price_decimals: i64 = "DecimalsPrice",
        inactive: bool = "Inactive",
    }
}

record! {
    /// An exchange rate from a day on: a row of `CurrExRate`.
    ///
    /// Whether target = source × rate or the other way round is the rate group's rule.
    CurrencyRate in "Erp.BO.CurrExRateSvc/CurrExRates"
    by ["RateGrpCode", "SourceCurrCode", "TargetCurrCode", "EffectiveDate"] {
        rate_group: String = "RateGrpCode",
        source: String = "SourceCurrCode",
        target: String = "TargetCurrCode",
        /// The first day it holds.
        effective: Option<Date> = "EffectiveDate",
        rate: Decimal = "CurrentRate",
    }
}

impl Client {
    /// The currencies.
    #[must_use]
    pub fn currencies(&self) -> Records<'_, Currency> {
        self.records()
    }

    /// The exchange rates of all rate groups.
    #[must_use]
    pub fn currency_rates(&self) -> Records<'_, CurrencyRate> {
        self.records()
    }
}

impl Records<'_, CurrencyRate> {
    /// The rate of a group that holds on a day: the newest one not after it. `None` when there is
    /// none, and then Epicor refuses documents of that day.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn on(
        &self,
        rate_group: &str,
        source: &str,
        target: &str,
        day: Date,
    ) -> Result<Option<CurrencyRate>, Error> {
        let rates = self
            .matching(
                Filter::eq("RateGrpCode", rate_group)
                    .and(Filter::eq("SourceCurrCode", source))
                    .and(Filter::eq("TargetCurrCode", target))
                    .and(Filter::le("EffectiveDate", day)),
            )
            .await?;
        Ok(rates.into_iter().max_by_key(|rate| rate.effective))
    }
}
