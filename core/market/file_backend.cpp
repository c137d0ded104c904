// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/file_backend.hpp"

#include "base/units.hpp"
#include "incentive/lifeline.hpp"
#include "market/f05_deal.hpp"
#include "market/mk20_wire.hpp"

#include <utility>

namespace filfil::market {
namespace {

using rpc::Json;
using State = PreflightRow::State;

constexpr std::uint64_t most_manifest_bytes = 256 * KiB;

class FileBackend final : public DealBackend {
public:
    FileBackend(World& world, FileOptions options) : m_world(world), m_options(std::move(options)) {}

    std::string_view kind() const noexcept override { return "file"; }
    std::string id_of(const DealOrder& order) const override { return ulid_of(order); }
    AnswerLog& answers() noexcept override { return m_log; }
    bool follows_deals() const noexcept override { return false; }

    void propose(const DealOrder& order, Handler<DealStatus> handler) override {
        on_worker<DealStatus>(
            [files = &m_world.files, options = m_options, order, path = path_of(order),
             id = id_of(order)]() -> Result<DealStatus> {
                FILFIL_TRY(const std::string manifest, deal_manifest(order, options));
                FILFIL_TRY(DealStatus before, read(*files, path, id));
                if (before.state != DealState::unknown) {
                    before.found = true;
                    return before;
                }
                FILFIL_CHECK(files->make_folders(options.folder));
                FILFIL_TRY(const auto file, files->create(path));
                FILFIL_CHECK(file->write(bytes_of(manifest)));
                FILFIL_CHECK(file->commit());
                return DealStatus{.id = id, .state = DealState::awaiting_data, .said = "written to " + path};
            },
            std::move(handler));
    }

    void status(const DealOrder& order, Handler<DealStatus> handler) override {
        on_worker<DealStatus>(
            [files = &m_world.files, path = path_of(order), id = id_of(order)] { return read(*files, path, id); },
            std::move(handler));
    }

    void cancel(const DealOrder& order, Handler<DealStatus> handler) override {
        on_worker<DealStatus>(
            [files = &m_world.files, path = path_of(order), id = id_of(order)]() -> Result<DealStatus> {
                FILFIL_TRY(const DealStatus before, read(*files, path, id));
                if (before.state == DealState::unknown) return before;
                FILFIL_CHECK(files->remove(path));
                return DealStatus{.id = id, .state = DealState::cancelled, .said = "the manifest is gone"};
            },
            std::move(handler));
    }

    void preflight(const DealOrder& order, Handler<Preflight> handler) override {
        on_worker<Preflight>(
            [files = &m_world.files, options = m_options, order]() -> Result<Preflight> {
                PreflightRow folder{.what = "the folder of manifests can be written",
                                    .why = "each deal is a file there for the operator"};
                const auto made = [&]() -> Result<void> {
                    FILFIL_CHECK(files->make_folders(options.folder));
                    // Left without a commit it is gone again.
                    FILFIL_TRY(const auto file, files->create(join_path(options.folder, ".try")));
                    return file->write(bytes_of("."));
                }();
                folder.state = made.ok() ? State::good : State::bad;
                folder.found = made.ok() ? options.folder : made.error().message;
                if (!made.ok()) folder.fix = "name a folder that the daemon may write to";
                PreflightRow data{"the operator can get the piece",
                                  order.path.empty() && options.pieces.empty() ? State::bad : State::good,
                                  order.path.empty() ? options.pieces : order.path,
                                  "its bytes have to be given to a market", ""};
                if (data.state == State::bad) {
                    data.found = "there is neither a file nor a URL of it";
                    data.fix = "turn on the daemon's retrieval, or let it write piece files";
                }
                return Preflight{std::move(folder), std::move(data)};
            },
            std::move(handler));
    }

private:
    [[nodiscard]] std::string path_of(const DealOrder& order) const {
        return join_path(m_options.folder, "deal-" + id_of(order) + ".json");
    }

    static Result<DealStatus> read(Files& files, const std::string& path, const std::string& id) {
        DealStatus out{.id = id};
        const auto file = files.open(path);
        if (!file.ok()) {
            if (file.error().code == ErrorCode::not_found) return out;
            return file.error();
        }
        FILFIL_TRY(const Bytes bytes, read_all(**file, most_manifest_bytes));
        const auto json = rpc::parse_json(chars_of(bytes));
        const auto deal = json.ok() ? rpc::text_field(*json, "id") : Result<std::string>(json.error());
        if (!deal.ok() || *deal != id)
            return Error(ErrorCode::corrupt, path + ": it is no manifest of the deal " + id,
                         "move it away: fil-fil writes it again");
        out.state = DealState::awaiting_data;
        out.said = "written to " + path;
        return out;
    }

    template <class T, class Body>
    void on_worker(Body body, Handler<T> handler) {
        auto guarded =
            m_here([handler = std::move(handler)](const std::shared_ptr<Result<T>>& out) { handler(std::move(*out)); });
        m_world.workers.post([&loop = m_world.loop, body = std::move(body), guarded] {
            const auto out = std::make_shared<Result<T>>(body());
            loop.post([guarded, out]() mutable { guarded(out); });
        });
    }

    World& m_world;
    FileOptions m_options;
    AnswerLog m_log;
    incentive::Lifeline m_here;
};

}    // namespace

Result<std::string> deal_manifest(const DealOrder& order, const FileOptions& options) {
    FILFIL_TRY(const ipld::Cid v1, piece_cid_v1(order));
    FILFIL_TRY(const ipld::Cid v2, piece_cid_v2(order));
    FILFIL_TRY(const chain::Address contract, incentive::filecoin_address_of(order.contract));
    Json out = {{"format", 1},
                {"id", ulid_of(order)},
                {"uuid", uuid_of(order)},
                {"provider", order.provider.text(options.letter)},
                {"contract", order.contract.text()},
                {"contract_filecoin", contract.text(options.letter)},
                {"deal", order.deal},
                {"piece_cid", v1.text()},
                {"piece_cid_v2", v2.text()},
                {"payload_size", order.payload_size},
                {"padded_size", order.padded_size},
                {"payload_cid", order.payload_root.text()},
                {"car_format", "car"},
                {"path", order.path.empty() ? Json() : Json(order.path)},
                {"url", options.pieces.empty() ? Json() : Json(options.pieces + "/" + v2.text())}};
    out["direct"] = {{"market_address", order.contract.text()},
                     {"market_deal_id", order.deal},
                     {"duration", order.duration},
                     {"start_epoch", nullptr},
                     {"allocation_id", nullptr},
                     {"notification_address", contract.text(options.letter)},
                     {"notification_payload_hex", to_hex(mk20_notification_payload(order.deal))},
                     {"indexing", false},
                     {"announce_payload", false},
                     {"announce_piece", false}};
    out["f05"] = nullptr;
    if (order.start > 0) {
        FILFIL_TRY(const incentive::DealProposal proposal, f05_proposal(order));
        FILFIL_TRY(const Bytes bytes, incentive::encode(proposal));
        FILFIL_TRY(const ipld::Cid cid, incentive::cid_of(proposal));
        const Bytes signature = contract_signature();
        out["f05"] = {{"client", proposal.client.text(options.letter)},
                      {"verified", false},
                      {"label", proposal.label.content},
                      {"start_epoch", proposal.start},
                      {"end_epoch", proposal.end},
                      {"price_per_epoch", proposal.price.text()},
                      {"provider_collateral", proposal.provider_collateral.text()},
                      {"client_collateral", proposal.client_collateral.text()},
                      {"signature_type", "bls"},
                      {"signature_hex", to_hex(ByteView(signature).subspan(1))},
                      {"proposal_cbor_hex", to_hex(bytes)},
                      {"proposal_cid", cid.text()}};
    }
    return out.dump(2) + "\n";
}

std::unique_ptr<DealBackend> make_file_backend(World& world, FileOptions options) {
    return std::make_unique<FileBackend>(world, std::move(options));
}

}    // namespace filfil::market
