// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/server.hpp"

#include "retrieval/answers.hpp"
#include "retrieval/byte_range.hpp"
#include "retrieval/dag_stream.hpp"
#include "retrieval/header_list.hpp"
#include "retrieval/piece_request.hpp"
#include "retrieval/piece_stream.hpp"
#include "retrieval/rate_limiter.hpp"
#include "retrieval/tally.hpp"
#include "retrieval/zstd_stream.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace filfil::retrieval {
namespace {

constexpr std::string_view what_exists =
    "ask for /piece/{piece CID}, /pieces?id={piece CID}, /ipfs/{CID}?format=raw or car, /metrics or /healthz";

/// Files and DAGs are waited for so long before one asks again.
constexpr std::string_view retry_later = "10";

HttpResponse with_field(HttpResponse response, std::string_view name, std::string_view value) {
    response.fields.emplace_back(name, value);
    return response;
}

bool is_head(const HttpRequest& request) noexcept { return request.method == "HEAD"; }

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string text_of_sizes(std::uint64_t payload, std::uint64_t padded) {
    return std::to_string(payload) + " bytes in a piece of " + format_size(padded);
}

}    // namespace

struct Server::Impl {
    Impl(World& world_, Catalog& catalog_, const MetricSource* metrics_, RetrievalOptions options_)
        : world(world_),
          catalog(catalog_),
          metrics(metrics_),
          options(std::move(options_)),
          limiter(world.clock, options.requests_a_second_a_peer),
          tally(std::make_shared<Tally>(world.log)) {}

    World& world;
    Catalog& catalog;
    const MetricSource* metrics;
    RetrievalOptions options;
    RateLimiter limiter;
    std::shared_ptr<Tally> tally;

    HttpResponse answer(const HttpRequest& request, Route& route);
    HttpResponse answer_path(const HttpRequest& request, const Target& target, Route& route);

    HttpResponse by_locator(const HttpRequest& request, const Target& target);
    HttpResponse piece(const HttpRequest& request, std::string_view cid, bool may_compress,
                       const std::optional<std::string>& slice);
    HttpResponse piece_body(const HttpRequest& request, const ServedPiece& piece, bool may_compress);
    HttpResponse piece_slice(const HttpRequest& request, const ServedPiece& piece, std::string_view slice);

    HttpResponse ipfs(const HttpRequest& request, const Target& target);
    HttpResponse raw_block(const HttpRequest& request, const ipld::Cid& cid);
    HttpResponse dag(const HttpRequest& request, const Target& target, const ipld::Cid& cid);

    HttpResponse metrics_text() const;
    HttpResponse health() const;

    /// What went wrong here is the operator's to read: it may name his files.
    HttpResponse failure(const HttpRequest& request, const Error& error, std::string_view what) const;

    /// Counts the body, and compresses it where `zstd`.
    Result<void> send(HttpResponse& response, const HttpRequest& request, std::shared_ptr<BodyStream> body, bool zstd,
                      bool leaves_dag) const;
    [[nodiscard]] bool compresses(const HttpRequest& request) const;
};

bool Server::Impl::compresses(const HttpRequest& request) const {
    const auto accepted = joined_fields(request.fields, "Accept-Encoding");
    return accepted && can_compress() && prefers_zstd(*accepted);
}

HttpResponse Server::Impl::failure(const HttpRequest& request, const Error& error, std::string_view what) const {
    world.log.write(LogLevel::error, "retrieval",
                    "cannot answer " + request.peer + " (" + shown(request.target) + "): " + error.text());
    const bool later = error.code == ErrorCode::busy;
    const Error public_error(error.code, std::string(what) + " is known here and cannot be read now",
                             later ? "ask again in some seconds" : "ask again later, or another provider");
    HttpResponse out = error_answer(later ? 503 : 500, public_error);
    return later ? with_field(std::move(out), "Retry-After", retry_later) : out;
}

Result<void> Server::Impl::send(HttpResponse& response, const HttpRequest& request, std::shared_ptr<BodyStream> body,
                                bool zstd, bool leaves_dag) const {
    if (zstd) {
        FILFIL_TRY(body, zstd_stream(std::move(body), options.zstd_level));
        response.fields.emplace_back("Content-Encoding", "zstd");
    }
    // Nothing of it is sent for HEAD.
    if (is_head(request))
        response.stream = std::move(body);
    else
        response.stream = std::make_shared<CountedBody>(tally, std::move(body), request.peer, leaves_dag);
    return {};
}

HttpResponse Server::Impl::answer(const HttpRequest& request, Route& route) {
    if (const auto wait = limiter.refuse(request.peer)) {
        tally->count_refused();
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
        return with_field(error_answer(429, {ErrorCode::busy,
                                             "more than " + std::to_string(options.requests_a_second_a_peer) +
                                                 " requests a second came from " + shown(request.peer),
                                             "wait for the seconds that Retry-After says, and ask for larger ranges"}),
                          "Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
    }
    if (request.method != "GET" && request.method != "HEAD")
        return with_field(
            error_answer(
                405, {ErrorCode::unsupported,
                      "the method '" + shown(request.method) + "' is not served: all is read-only", "use GET or HEAD"}),
            "Allow", "GET, HEAD");
    const auto target = parse_target(request.target);
    if (!target.ok()) return error_answer(400, target.error());
    return answer_path(request, *target, route);
}

HttpResponse Server::Impl::answer_path(const HttpRequest& request, const Target& target, Route& route) {
    const auto& segments = target.segments;
    const std::string first = segments.empty() ? "" : segments.front();
    if (first == "piece" && segments.size() == 2) {
        route = Route::piece;
        const auto slice = target.parameter("slice");
        if (!slice.ok()) return error_answer(400, slice.error());
        return piece(request, segments[1], true, *slice);
    }
    if (first == "pieces" && segments.size() == 1) {
        route = Route::pieces;
        return by_locator(request, target);
    }
    if (first == "ipfs" && segments.size() >= 2) {
        route = Route::ipfs;
        return ipfs(request, target);
    }
    if (first == "metrics" && segments.size() == 1) {
        route = Route::metrics;
        return metrics_text();
    }
    if (first == "healthz" && segments.size() == 1) {
        route = Route::healthz;
        return health();
    }
    return error_answer(
        404, {ErrorCode::not_found, "there is nothing at '" + shown(request.target) + "'", std::string(what_exists)});
}

HttpResponse Server::Impl::by_locator(const HttpRequest& request, const Target& target) {
    if (options.locator_token.empty())
        return error_answer(404, {ErrorCode::not_found, "the piece locator is not turned on here",
                                  "set its token in the configuration, or ask for /piece/{piece CID}"});
    if (!same_secret(bearer_token(request.fields), options.locator_token)) {
        tally->count_refused();
        return with_field(error_answer(401, {ErrorCode::denied, "the piece locator's token is missing or wrong",
                                             "send 'Authorization: Bearer TOKEN', or ask for /piece/{piece CID}"}),
                          "WWW-Authenticate", "Bearer realm=\"pieces\"");
    }
    const auto id = target.parameter("id");
    if (!id.ok()) return error_answer(400, id.error());
    if (!*id)
        return error_answer(
            400, {ErrorCode::invalid_argument, "the parameter 'id' is missing", "ask for /pieces?id={piece CID}"});
    // A market node compares Content-Length with the deal's size, so it always gets the bytes as they are.
    return piece(request, **id, false, std::nullopt);
}

HttpResponse Server::Impl::piece(const HttpRequest& request, std::string_view cid, bool may_compress,
                                 const std::optional<std::string>& slice) {
    const auto asked = parse_asked_piece(cid);
    if (!asked.ok()) return error_answer(400, asked.error());
    const auto found = catalog.find(asked->piece_cid);
    const std::string name = "piece " + asked->piece_cid.text();
    if (!found.ok()) return failure(request, found.error(), name);
    if (!*found)
        return error_answer(404, {ErrorCode::not_found, name + " is not served here",
                                  "see the service's status for the pieces that are"});
    const ServedPiece& piece = **found;
    if (asked->payload_size && (*asked->payload_size != piece.payload_size || *asked->padded_size != piece.padded_size))
        return error_answer(404, {ErrorCode::not_found,
                                  name + " has " + text_of_sizes(piece.payload_size, piece.padded_size) +
                                      ", and the CID says " + text_of_sizes(*asked->payload_size, *asked->padded_size),
                                  "ask with the right size, or with the CID of version 1"});
    if (piece.bytes == nullptr || piece.bytes->size() != piece.payload_size)
        return failure(request,
                       {ErrorCode::mismatch,
                        name + " has " + std::to_string(piece.bytes == nullptr ? 0 : piece.bytes->size()) +
                            " bytes where " + std::to_string(piece.payload_size) + " are recorded",
                        "take the snapshot again"},
                       name);
    return slice ? piece_slice(request, piece, *slice) : piece_body(request, piece, may_compress);
}

/// Bytes FIRST to LAST as a thing of their own. A range is one of the compressed bytes where both are asked for, so
/// this is how a part can be had compressed.
HttpResponse Server::Impl::piece_slice(const HttpRequest& request, const ServedPiece& piece, std::string_view slice) {
    const ByteRange range = parse_byte_range("bytes=" + std::string(slice), piece.payload_size);
    const bool both = slice.find('-') != 0 && !slice.ends_with('-') && slice.find(',') == std::string_view::npos;
    if (range.kind == ByteRange::Kind::whole || !both)
        return error_answer(400, {ErrorCode::invalid_argument, "'" + shown(slice) + "' is no slice",
                                  "ask for ?slice=FIRST-LAST, bytes counted from 0"});
    if (range.kind == ByteRange::Kind::unsatisfiable)
        return error_answer(416, {ErrorCode::invalid_argument,
                                  "the slice '" + shown(slice) + "' lies outside of the piece's " +
                                      std::to_string(piece.payload_size) + " bytes",
                                  "ask for bytes below that"});
    const std::string name = piece.piece_cid.text() + "." + std::to_string(range.offset) + "-" +
                             std::to_string(range.offset + range.length - 1);
    const bool zstd = compresses(request);
    HttpResponse out;
    add_immutable_fields(out.fields, quoted(zstd ? name + ".zst" : name), "Accept-Encoding");
    add_file_fields(out.fields, "application/octet-stream", name + ".part");
    out.fields.emplace_back("Accept-Ranges", "none");
    auto body = std::make_shared<PieceStream>(piece.bytes, range.offset, range.length);
    if (auto sent = send(out, request, std::move(body), zstd, false); !sent.ok())
        return failure(request, sent.error(), "piece " + piece.piece_cid.text());
    return out;
}

HttpResponse Server::Impl::piece_body(const HttpRequest& request, const ServedPiece& piece, bool may_compress) {
    const std::string cid = piece.piece_cid.text();
    const std::string plain_tag = quoted(cid);
    // Range means something for GET only (RFC 9110 section 14.2).
    const auto range_field = is_head(request) ? std::nullopt : joined_fields(request.fields, "Range");
    const bool zstd = may_compress && !range_field && compresses(request);
    const std::string tag = zstd ? quoted(cid + ".zst") : plain_tag;

    HttpResponse out;
    add_immutable_fields(out.fields, tag, "Accept-Encoding");
    if (const auto known = joined_fields(request.fields, "If-None-Match"); known && names_tag(*known, tag)) {
        out.status = 304;
        return out;
    }
    ByteRange range;
    const auto only_if = joined_fields(request.fields, "If-Range");
    if (range_field && (!only_if || trim_field(*only_if) == plain_tag))
        range = parse_byte_range(*range_field, piece.payload_size);
    const std::string size = std::to_string(piece.payload_size);
    if (range.kind == ByteRange::Kind::unsatisfiable)
        return with_field(
            error_answer(416, {ErrorCode::invalid_argument,
                               "the range '" + shown(*range_field) + "' lies outside of the piece's " + size + " bytes",
                               "ask for bytes below that"}),
            "Content-Range", "bytes */" + size);
    add_file_fields(out.fields, "application/octet-stream", piece.file_name.empty() ? cid + ".car" : piece.file_name);
    out.fields.emplace_back("Accept-Ranges", "bytes");
    if (may_compress && can_compress()) out.fields.emplace_back(slice_field, "zstd");
    if (range.kind == ByteRange::Kind::part) {
        out.status = 206;
        out.fields.emplace_back("Content-Range", "bytes " + std::to_string(range.offset) + "-" +
                                                     std::to_string(range.offset + range.length - 1) + "/" + size);
    } else {
        range.length = piece.payload_size;
    }
    auto body = std::make_shared<PieceStream>(piece.bytes, range.offset, range.length);
    if (auto sent = send(out, request, std::move(body), zstd, false); !sent.ok())
        return failure(request, sent.error(), "piece " + cid);
    return out;
}

HttpResponse Server::Impl::ipfs(const HttpRequest& request, const Target& target) {
    if (!options.blocks)
        return error_answer(404, {ErrorCode::not_found, "blocks are not served here", "ask for /piece/{piece CID}"});
    const std::string& text = target.segments[1];
    const auto cid = ipld::Cid::parse(text);
    if (!cid.ok())
        return error_answer(400,
                            {ErrorCode::invalid_argument, "'" + shown(text) + "' is no CID: " + cid.error().message,
                             "ask for /ipfs/{CID}?format=raw or car"});
    if (target.segments.size() > 2 && (target.segments.size() > 3 || !target.segments[2].empty()))
        return error_answer(404, {ErrorCode::not_found, "no path inside of a block is followed here",
                                  "ask for the CID of the block that it leads to"});

    std::optional<BlockFormat> format;
    const auto format_text = target.parameter("format");
    if (!format_text.ok()) return error_answer(400, format_text.error());
    if (*format_text) {
        if (**format_text == "raw") format = BlockFormat::raw;
        if (**format_text == "car") format = BlockFormat::car;
    } else if (const auto accept = joined_fields(request.fields, "Accept")) {
        format = accepted_format(*accept);
    }
    if (!format)
        return error_answer(400, {ErrorCode::unsupported,
                                  *format_text ? "the format '" + shown(**format_text) + "' is not served"
                                               : std::string("no format is named that is served"),
                                  "add ?format=raw for the block or ?format=car for all below it, or the header "
                                  "'Accept: application/vnd.ipld.raw' or '…car'"});
    return *format == BlockFormat::raw ? raw_block(request, *cid) : dag(request, target, *cid);
}

namespace {

Error no_block(const ipld::Cid& cid) {
    return {ErrorCode::not_found, "block " + cid.text() + " is not in memory here",
            "ask for a block of the recent chain, or a provider of the whole chain"};
}

}    // namespace

HttpResponse Server::Impl::raw_block(const HttpRequest& request, const ipld::Cid& cid) {
    auto data = find_block(catalog, cid);
    if (!data.ok()) return failure(request, data.error(), "block " + cid.text());
    if (!*data) return error_answer(404, no_block(cid));
    HttpResponse out;
    const std::string tag = quoted(cid.text() + ".raw");
    add_immutable_fields(out.fields, tag, "Accept");
    if (const auto known = joined_fields(request.fields, "If-None-Match"); known && names_tag(*known, tag)) {
        out.status = 304;
        return out;
    }
    add_file_fields(out.fields, "application/vnd.ipld.raw", cid.text() + ".bin");
    out.body = chars_of(**data);
    return out;
}

HttpResponse Server::Impl::dag(const HttpRequest& request, const Target& target, const ipld::Cid& cid) {
    const auto scope_text = target.parameter("dag-scope");
    if (!scope_text.ok()) return error_answer(400, scope_text.error());
    const auto scope = parse_dag_scope(scope_text->value_or("all"));
    if (!scope)
        return error_answer(400, {ErrorCode::invalid_argument, "'" + shown(**scope_text) + "' is no dag-scope",
                                  "use all, entity or block"});
    const auto version = target.parameter("car-version");
    if (!version.ok()) return error_answer(400, version.error());
    if (version->value_or("1") != "1")
        return error_answer(406, {ErrorCode::unsupported, "only CARs of version 1 are made here",
                                  "leave car-version out, or say car-version=1"});

    auto body = DagStream::open(catalog, cid, *scope, {.blocks = options.dag_blocks});
    if (!body.ok()) return failure(request, body.error(), "block " + cid.text());
    if (*body == nullptr) return error_answer(404, no_block(cid));
    const bool zstd = compresses(request);
    const bool occupies = !is_head(request);
    if (occupies && !tally->take_dag(options.dag_downloads)) {
        tally->count_refused();
        return with_field(error_answer(503, {ErrorCode::busy,
                                             "as many DAGs are being sent as may be at a time (" +
                                                 std::to_string(options.dag_downloads) + ")",
                                             "ask again later, or for single blocks with ?format=raw"}),
                          "Retry-After", retry_later);
    }
    HttpResponse out;
    const std::string_view name = *scope == DagScope::all ? "all" : "block";
    add_immutable_fields(out.fields, "W/" + quoted(std::string(name) + "." + cid.text() + (zstd ? ".car.zst" : ".car")),
                         "Accept, Accept-Encoding");
    add_file_fields(out.fields, "application/vnd.ipld.car; version=1; order=dfs; dups=n", cid.text() + ".car");
    out.fields.emplace_back("Accept-Ranges", "none");
    if (auto sent = send(out, request, std::move(*body), zstd, occupies); !sent.ok()) {
        if (occupies) tally->leave_dag();
        return failure(request, sent.error(), "block " + cid.text());
    }
    return out;
}

HttpResponse Server::Impl::metrics_text() const {
    std::vector<Metric> all = tally->metrics(catalog.counts());
    if (metrics != nullptr)
        for (Metric& metric : metrics->metrics()) all.push_back(std::move(metric));
    HttpResponse out;
    out.fields = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}};
    out.body = prometheus_text(all);
    return out;
}

HttpResponse Server::Impl::health() const {
    const MetricSource::Health health = metrics == nullptr ? MetricSource::Health{true} : metrics->health();
    return health.ok ? text_answer(200, "ok") : text_answer(503, health.why);
}

Server::Server(World& world, Catalog& catalog, const MetricSource* metrics, RetrievalOptions options)
    : m_impl(std::make_shared<Impl>(world, catalog, metrics, std::move(options))) {}

Server::~Server() = default;

void Server::handle(HttpRequest request, Respond respond) {
    Route route = Route::other;
    HttpResponse response = m_impl->answer(request, route);
    m_impl->tally->count(route, response.status, is_head(request) ? 0 : response.body.size());
    respond(std::move(response));
}

std::optional<HttpResponse> Server::refuse_socket(const HttpRequest&) {
    m_impl->tally->count(Route::other, 400, 0);
    return error_answer(400, {ErrorCode::unsupported, "WebSockets are not spoken here", std::string(what_exists)});
}

SocketEvents Server::open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest&) {
    socket->close();
    return {[](const std::string&) {}, [](const Error&) {}};
}

Server::Counters Server::counters() const noexcept {
    const Tally& tally = *m_impl->tally;
    return {tally.requests(), tally.bytes(), tally.in_flight(), tally.not_found(), tally.refused()};
}

}    // namespace filfil::retrieval
