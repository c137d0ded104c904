// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/cbor_writer.hpp"
#include "ipld/piece_cid.hpp"
#include "outside.hpp"
#include "require.hpp"
#include "retrieval/server.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

using namespace filfil;
using namespace filfil::retrieval;
using filfil::fuzz::require;

namespace {

constexpr std::uint64_t piece_size = 5000;

std::byte byte_at(std::uint64_t place) { return static_cast<std::byte>(place * 7 + place / 256); }

class Numbers final : public PieceBytes {
public:
    std::uint64_t size() const noexcept override { return piece_size; }
    Result<void> read(std::uint64_t offset, ByteSpan out) const override {
        require(offset <= piece_size && out.size() <= piece_size - offset, "reads lie inside of the piece");
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = byte_at(offset + i);
        return {};
    }
    bool in_memory() const noexcept override { return true; }
};

ipld::Digest256 root() {
    ipld::Digest256 out{};
    out[0] = std::byte{42};
    return out;
}

class SmallCatalog final : public Catalog {
public:
    SmallCatalog() {
        const ipld::Cid leaf = add(ipld::Codec::raw, bytes_of("leaf"));
        const ipld::Cid missing = ipld::cid_of_block(ipld::Codec::raw, bytes_of("missing"));
        dag = list({leaf, leaf});
        broken_dag = list({dag, missing});
    }
    Result<std::optional<ServedPiece>> find(const ipld::Cid& cid) override {
        if (cid != ipld::piece_cid_v1(root())) return std::optional<ServedPiece>();
        return std::optional(ServedPiece{cid, piece_size, 8192, "name.car", std::make_shared<Numbers>()});
    }
    Result<std::optional<Bytes>> block(const ipld::Cid& cid) override {
        const auto found = m_blocks.find(cid);
        return found == m_blocks.end() ? std::optional<Bytes>() : std::optional(found->second);
    }
    Counts counts() const override { return {1, 0}; }

    ipld::Cid dag;
    ipld::Cid broken_dag;

private:
    ipld::Cid add(ipld::Codec codec, ByteView data) {
        const ipld::Cid cid = ipld::cid_of_block(codec, data);
        m_blocks[cid] = to_bytes(data);
        return cid;
    }
    ipld::Cid list(const std::vector<ipld::Cid>& links) {
        ipld::CborWriter out;
        out.list(links.size());
        for (const ipld::Cid& link : links) out.link(link.bytes());
        return add(ipld::Codec::dag_cbor, out.bytes());
    }

    std::map<ipld::Cid, Bytes> m_blocks;
};

void replace_all(std::string& text, std::string_view what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

std::string take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string out(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return out;
}

/// What is asked, again and again.
struct Asked {
    Outside outside;
    SmallCatalog catalog;
    Server server{
        outside.world, catalog, nullptr, {.locator_token = "t", .requests_a_second_a_peer = 0, .zstd_level = 1}};
};

void check_range(const HttpResponse& response, const Bytes& body) {
    const auto field = find_field(response.fields, "Content-Range");
    require(field.has_value(), "206 says which part it is");
    unsigned long long first = 0;
    unsigned long long last = 0;
    unsigned long long of = 0;
    require(std::sscanf(std::string(*field).c_str(), "bytes %llu-%llu/%llu", &first, &last, &of) == 3, "in numbers");
    require(of == piece_size && last < of && last - first + 1 == body.size(), "which fit the body");
    for (std::size_t i = 0; i < body.size(); ++i) require(body[i] == byte_at(first + i), "which is that part");
}

void check(const HttpRequest& request, const HttpResponse& response) {
    constexpr std::array known = {200, 206, 304, 400, 401, 404, 405, 406, 416};
    require(std::ranges::find(known, response.status) != known.end(), "the status is one of those documented");
    for (const auto& [name, value] : response.fields)
        require(std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) < ' '; }),
                "no control character gets into a header field");
    if (response.status >= 400) {
        require(response.stream == nullptr && response.body.ends_with('\n') &&
                    response.body.find('\n') == response.body.size() - 1,
                "an error is one line");
        require(response.body.size() < 700, "and no long one");
    }
    if (!response.stream || request.method == "HEAD") return;
    Bytes body;
    Bytes buffer(777);
    for (;;) {
        const auto got = response.stream->read(buffer);
        if (!got.ok()) {
            require(got.error().code == ErrorCode::not_found, "only the block that is missing breaks an answer");
            return;
        }
        if (*got == 0) break;
        body.insert(body.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*got));
    }
    if (const auto size = response.stream->size()) require(body.size() == *size, "a body has the length it said");
    if (response.status == 206) check_range(response, body);
}

}    // namespace

/// A method, a target and fields, one a line: each is answered once, as it should be. "@1" and "@2" stand for the CIDs
/// of the piece, "@d" for a DAG and "@b" for one that lacks a block.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto world = std::make_unique<Asked>();
    std::string text(reinterpret_cast<const char*>(data), size);
    replace_all(text, "@1", ipld::piece_cid_v1(root()).text());
    replace_all(text, "@2", ipld::piece_cid_v2(root(), piece_size, 8192)->text());
    replace_all(text, "@d", world->catalog.dag.text());
    replace_all(text, "@b", world->catalog.broken_dag.text());

    std::string_view rest = text;
    HttpRequest request;
    request.method = take_line(rest);
    request.target = take_line(rest);
    request.peer = "192.0.2.1";
    while (!rest.empty()) {
        const std::string line = take_line(rest);
        const std::size_t colon = std::min(line.find(": "), line.size());
        request.fields.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
    }
    int answers = 0;
    HttpResponse response;
    world->server.handle(request, [&](HttpResponse given) {
        ++answers;
        response = std::move(given);
    });
    require(answers == 1, "a request is answered once");
    check(request, response);
    response = {};
    require(world->server.counters().in_flight == 0, "a body that is gone is not in flight");
    return 0;
}
