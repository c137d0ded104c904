// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/piece_cid_text.hpp"

#include <optional>

namespace filfil::cli {
namespace {

struct PieceCidOptions {
    std::string cid;
    std::string payload_size;
};

/// A piece CID in both versions, as far as they are known.
struct Explained {
    ipld::PieceCidInfo info;
    unsigned version = 1;
    ipld::Cid v1{};
    std::optional<ipld::Cid> v2{};
};

Result<Explained> explain(const PieceCidOptions& options) {
    FILFIL_TRY(const PieceCid given, parse_piece_cid(options.cid));
    Explained explained{.info = given.info, .version = given.version(), .v1 = ipld::piece_cid_v1(given.info.root)};
    if (given.version() == 2) explained.v2 = given.cid;
    ipld::PieceCidInfo& info = explained.info;
    if (options.payload_size.empty()) return explained;

    auto size = parse_size(options.payload_size);
    if (!size.ok()) return std::move(size).error().in("--payload-size");
    if (info.payload_size && *info.payload_size != *size)
        return Error(ErrorCode::invalid_argument,
                     "--payload-size: " + grouped(*size) + " bytes contradict the CID, which says " +
                         grouped(*info.payload_size),
                     "leave --payload-size out: a version 2 piece CID holds the size itself");
    if (!explained.v2) {
        info.payload_size = *size;
        info.padded_size = ipld::padded_size_of(*size);
        auto v2 = ipld::piece_cid_v2(info.root, *info.payload_size, *info.padded_size);
        if (!v2.ok()) return std::move(v2).error().in("--payload-size");
        explained.v2 = *v2;
    }
    return explained;
}

Json json_of(const Explained& explained) {
    Json object = {
        {"piece_cid", explained.v1.text()}, {"piece_cid_v2", nullptr}, {"payload_size", nullptr},
        {"padded_size", nullptr},           {"height", nullptr},       {"root", to_hex(explained.info.root)}};
    if (explained.v2) {
        object["piece_cid_v2"] = explained.v2->text();
        object["payload_size"] = *explained.info.payload_size;
        object["padded_size"] = *explained.info.padded_size;
        object["height"] = ipld::height_of(*explained.info.padded_size);
    }
    return object;
}

std::string text_of(const Explained& explained) {
    const std::string title = explained.version == 1
                                  ? "Piece CID version 1: names the piece's root only"
                                  : "Piece CID version 2 (FRC-0069): names the piece's root and sizes";
    std::vector<std::pair<std::string, std::string>> rows{{"piece CID v1", explained.v1.text()}};
    if (explained.v2) {
        const std::uint64_t padded = *explained.info.padded_size;
        rows.emplace_back("piece CID v2", explained.v2->text());
        rows.emplace_back("payload", bytes_for_people(*explained.info.payload_size));
        rows.emplace_back("padded piece",
                          bytes_for_people(padded) + ", tree height " + std::to_string(ipld::height_of(padded)));
    } else {
        rows.emplace_back("piece CID v2", "unknown without the payload's size: give --payload-size");
    }
    rows.emplace_back("root (commP)", to_hex(explained.info.root));
    return table(title, rows);
}

int run_piece_cid(Context& context, const PieceCidOptions& options) {
    const auto explained = explain(options);
    if (!explained.ok()) return fail(context, explained.error());
    if (context.json)
        emit(context, json_of(*explained));
    else
        print(context, text_of(*explained));
    return exit_ok;
}

}    // namespace

void add_piece_cid_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<PieceCidOptions>();
    CLI::App* command = add_command(
        app, context,
        {"piece-cid", "Convert and explain a piece CID",
         "Shows both versions of a piece CID and what it says. Version 1 (baga6ea4seaq...) holds no size,\n"
         "so version 2 (bafkzcib...) can be made from it only with --payload-size, and is then that of the\n"
         "piece padded no further than its payload needs.",
         "  fil-fil piece-cid bafkzcibchybaa5sxt7x2geivky67cd6exs5mehrvlgl4bbx4p57mo6ccwnor2ja\n"
         "  fil-fil piece-cid baga6ea4seaqaa5sxt7x2geivky67cd6exs5mehrvlgl4bbx4p57mo6ccwnor2ja --payload-size 65\n"},
        [&context, options] { return run_piece_cid(context, *options); });
    add_text(command, "CID", options->cid, "CID", "The piece CID, version 1 or 2")->required();
    add_text(command, "--payload-size", options->payload_size, "N",
             "Bytes of the payload before padding, for a version 1 CID");
}

}    // namespace filfil::cli
