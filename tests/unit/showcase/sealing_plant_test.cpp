// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/sealing_plant.hpp"

#include "market/file_backend.hpp"
#include "node/devnet/car_walk.hpp"
#include "showcase_rig.hpp"

namespace filfil::showcase {
namespace {

/// A play at the opening of a window of the watcher's miner, whose snapshot is here.
struct PlantRig : PlayRig {
    SealingPlant plant{outside.world, play, *backend, "/deals"};
    market::DealOrder order;
    Bytes car;

    PlantRig() {
        play.curtain_up(1);
        run_to(61);
        const auto place = play.state().providers.at(own_miner).place;
        const auto slot = incentive::slot_of(1, static_cast<std::uint16_t>(place / 2));
        const auto& staged = play.state().slots.at(slot);
        const auto tipset = devnet->at(Epoch{static_cast<std::int64_t>(staged.epoch)}, *head).value();
        node::CarWalk walk(*devnet, *tipset, 2000, true);
        for (Bytes part = walk.next(1000).value(); !part.empty(); part = walk.next(1000).value())
            car.insert(car.end(), part.begin(), part.end());
        order.deal = incentive::deal_of(slot, 0);
        order.provider = chain::Address::of_id(own_miner);
        order.contract = play.contract();
        order.root = staged.pieces[0].root;
        order.payload_size = car.size();
        order.padded_size = std::uint64_t{1} << staged.pieces[0].log2_padded;
        order.payload_root = tipset->key.front();
        order.duration = 600'000;
    }

    void put(const std::string& path, ByteView bytes) {
        ASSERT_TRUE(outside.files.make_folders(parent_folder(path)).ok());
        const auto file = outside.files.create(path);
        ASSERT_TRUE(file.ok());
        ASSERT_TRUE((*file)->write(bytes).ok());
        ASSERT_TRUE((*file)->commit().ok());
    }
    void propose(const std::string& pieces = "") {
        put("/deals/deal-" + market::ulid_of(order) + ".json",
            bytes_of(market::deal_manifest(order, {.pieces = pieces, .letter = 't'}).value()));
    }
    void work_to(std::uint64_t epoch) {
        while (chain.head() < epoch) {
            plant.act(chain.head() + 1);
            play.act();
            chain.mine();
            outside.advance(std::chrono::seconds(1));
        }
    }
    [[nodiscard]] bool stored() const { return play.holds(own_miner, order.deal); }
};

TEST(SealingPlant, SealsWhatAManifestNamesSomeEpochsLater) {
    PlantRig rig;
    rig.put("/pieces/a.car", rig.car);
    rig.order.path = "/pieces/a.car";
    rig.propose();
    rig.work_to(61 + SealingPlant::sealing_takes);
    EXPECT_FALSE(rig.stored());
    rig.work_to(63 + SealingPlant::sealing_takes);
    EXPECT_TRUE(rig.stored());
}

TEST(SealingPlant, FetchesThePieceFromTheUrl) {
    struct Server : HttpServer {
        Bytes car;
        int failures = 2;
        void handle(HttpRequest request, Respond respond) override {
            if (failures-- > 0) return respond({.status = 404});
            EXPECT_TRUE(request.target.starts_with("/piece/bafkzcib")) << request.target;
            respond({.body = std::string(chars_of(car))});
        }
        std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
        SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }
    };
    PlantRig rig;
    Server server;
    server.car = rig.car;
    const auto listener = rig.outside.transport.listen({.at = {"127.0.0.1", 5347}}, server).value();
    rig.propose("http://127.0.0.1:5347/piece");
    rig.work_to(68 + SealingPlant::sealing_takes);
    EXPECT_LT(server.failures, 0);
    EXPECT_TRUE(rig.stored()) << "it is asked for again until it comes";
}

TEST(SealingPlant, DoesNotSealBytesThatAreNotThePiece) {
    PlantRig rig;
    rig.car[rig.car.size() / 2] ^= std::byte{1};
    rig.put("/pieces/a.car", rig.car);
    rig.order.path = "/pieces/a.car";
    rig.propose();
    rig.work_to(80);
    EXPECT_FALSE(rig.stored());
    EXPECT_TRUE(rig.outside.log.has("is not what it promises", LogLevel::warning));
}

TEST(SealingPlant, LeavesOthersManifestsAndRubbishAlone) {
    PlantRig rig;
    rig.put("/pieces/a.car", rig.car);
    rig.order.path = "/pieces/a.car";
    rig.order.contract = person(77);
    rig.propose();
    rig.put("/deals/deal-x.json", bytes_of("{"));
    rig.put("/deals/notes.txt", bytes_of("hello"));
    rig.work_to(80);
    EXPECT_FALSE(rig.stored());
    EXPECT_TRUE(rig.outside.log.has("of another contract or miner", LogLevel::warning));
}

TEST(SealingPlant, ADealWhoseManifestIsGoneIsNotSealed) {
    PlantRig rig;
    rig.put("/pieces/a.car", rig.car);
    rig.order.path = "/pieces/a.car";
    rig.propose();
    rig.work_to(63);
    ASSERT_TRUE(rig.outside.files.remove("/deals/deal-" + market::ulid_of(rig.order) + ".json").ok());
    rig.work_to(90);
    EXPECT_FALSE(rig.stored());
}

TEST(SealingPlant, TellsAgainWhatAReorganisationTookBack) {
    PlantRig rig;
    rig.put("/pieces/a.car", rig.car);
    rig.order.path = "/pieces/a.car";
    rig.propose();
    rig.work_to(75);
    ASSERT_TRUE(rig.stored());
    rig.chain.take_back(10);
    ASSERT_FALSE(rig.stored());
    rig.work_to(75);
    EXPECT_TRUE(rig.stored());
}

}    // namespace
}    // namespace filfil::showcase
