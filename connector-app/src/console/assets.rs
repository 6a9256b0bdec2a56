//! The style sheet, in the program itself.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use store::DocumentHash;

use crate::serve::Server;

const STYLE_SHEET: &str = include_str!("../../assets/console.css");

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/assets/console.css", get(serve_style_sheet))
}

/// The address of the style sheet, which tells its content: a browser may keep it for a year.
pub(super) fn style_sheet() -> String {
    let hash = DocumentHash::of(STYLE_SHEET.as_bytes()).to_string();
    format!("/assets/console.css?{}", hash.get(..16).unwrap_or_default())
}

async fn serve_style_sheet() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLE_SHEET)
}
