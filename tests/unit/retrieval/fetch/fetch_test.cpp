// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fetch_expect.hpp"
#include "samples.hpp"

namespace filfil::retrieval::samples {
namespace {

TEST(Fetch, TwoPiecesFromThreeProvidersAreJoinedIntoTheCarTheyCameFrom) {
    FetchScene scene(cut_car(1, 2, 300, 10, 900));
    CountedProgress progress;
    scene.options.progress = &progress;
    expect_right(scene);
    const FetchReport report = **scene.result;
    EXPECT_TRUE(report.bad_sources.empty());
    EXPECT_EQ(progress.done, scene.car.pieces[0].size() + scene.car.pieces[1].size());
    for (std::size_t i = 0; i < 2; ++i) {
        std::uint64_t sum = 0;
        for (const auto& part : report.pieces[i].from) sum += part.bytes;
        EXPECT_EQ(sum, scene.car.pieces[i].size());
    }
    for (const auto& provider : scene.providers) EXPECT_GT(provider->asked, 10U);
}

TEST(Fetch, APieceThatFitsIntoOneChunkIsRightToo) {
    FetchScene scene(cut_car(2, 1, 1, 100, 100), 1);
    expect_right(scene);
}

TEST(Fetch, PiecesThatDifferentProvidersHoldAreFetchedFromThese) {
    FetchScene scene(cut_car(3, 3, 120, 100, 400));
    for (std::size_t i = 0; i < 3; ++i) scene.plan.pieces[i].sources = {i};
    expect_right(scene);
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_EQ((*scene.result)->pieces[i].from.size(), 1U);
        EXPECT_EQ((*scene.result)->pieces[i].from[0].source, i);
    }
}

TEST(Fetch, APaddedPieceIsHeldToTheCommitmentOfThePadding) {
    FetchScene scene(cut_car(4, 1, 60, 100, 400), 1);
    commp::Piece piece = commit(scene.car.pieces[0]);
    piece = *commp::pad_to(piece, piece.padded_size * 8);
    scene.plan.pieces[0].root = piece.root;
    scene.plan.pieces[0].padded_size = piece.padded_size;
    // The provider knows it by the commitment of the padded piece.
    scene.providers[0]->catalog.add({commp::piece_cid_v1(piece), piece.payload_size, piece.padded_size, "x.car",
                                     std::make_shared<MemoryPiece>(scene.car.pieces[0])});
    expect_right(scene);
}

TEST(Fetch, AByteThatOneProviderFlipsIsFoundAndPinnedOnIt) {
    FetchScene scene(cut_car(5, 2, 300, 10, 900));
    int lies = 0;
    scene.providers[1]->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
        if (answer.status != 206 || offset == 0 || ++lies > 3) return;
        answer.body[answer.body.size() / 2] ^= 1;
    };
    expect_right(scene);
    EXPECT_TRUE(is_bad(**scene.result, 1));
    EXPECT_EQ((*scene.result)->bad_sources.size(), 1U);
    EXPECT_TRUE(scene.outside.log.has("10.0.0.2", LogLevel::warning));
    // Nothing was fetched again but what had to be.
    std::uint64_t asked = 0;
    for (const auto& provider : scene.providers) asked += provider->asked;
    EXPECT_LT(asked, (scene.car.pieces[0].size() + scene.car.pieces[1].size()) / 1016 + 40);
}

TEST(Fetch, ALiarThatFlipsEveryAnswerIsPinnedWhereverTheSectionsLie) {
    for (std::uint64_t seed = 10; seed < 90; ++seed) {
        SCOPED_TRACE(seed);
        // Sections of many chunks, of one, and many in one.
        FetchScene scene(cut_car(seed, 2, seed % 2 == 0 ? 12 : 400, 20, seed % 2 == 0 ? 9000 : 300));
        SeededRandom random(seed);
        scene.providers[2]->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t) {
            if (answer.status == 206) answer.body[random.below(answer.body.size())] ^= 0x40;
        };
        expect_right(scene);
        EXPECT_TRUE(is_bad(**scene.result, 2));
        EXPECT_EQ((*scene.result)->bad_sources.size(), 1U);
    }
}

/// Other blocks, with their own right CIDs, in place of all that lie inside of one chunk: all hashes hold, wherever
/// chunks of this and of the piece are put together.
Bytes with_other_blocks(const Bytes& piece, std::uint64_t seed) {
    Bytes out = piece;
    // Sections of these cars: a varint of two bytes, a CID, 400 bytes of data.
    const auto blocks = car::samples::random_blocks(seed, 60, 400, 400);
    const std::size_t cid = blocks[0].cid.bytes().size();
    const std::size_t section = 2 + cid + 400;
    std::size_t at = static_cast<std::size_t>(std::to_integer<unsigned>(piece[0])) + 1;
    for (std::size_t i = 0; at < piece.size(); ++i, at += section) {
        if (i == 0 || at / 1016 != (at + section - 1) / 1016) continue;
        const auto place = out.begin() + static_cast<std::ptrdiff_t>(at + 2);
        std::ranges::copy(blocks[i].cid.bytes(), place);
        std::ranges::copy(blocks[i].data, place + static_cast<std::ptrdiff_t>(cid));
    }
    return out;
}

TEST(Fetch, AValidBlockThatIsNotThePiecesIsFoundByTheCommitmentAndPinned) {
    FetchScene scene(cut_car(6, 1, 60, 400, 400));
    const Bytes other = with_other_blocks(scene.car.pieces[0], 99);
    ASSERT_NE(other, scene.car.pieces[0]);
    ASSERT_EQ(other.size(), scene.car.pieces[0].size());
    int lies = 0;
    scene.providers[0]->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
        if (answer.status != 206) return;
        const std::string lie(chars_of(ByteView(other).subspan(static_cast<std::size_t>(offset), answer.body.size())));
        if (lie != answer.body) ++lies;
        answer.body = lie;
    };
    expect_right(scene);
    EXPECT_GT(lies, 0);
    EXPECT_TRUE(is_bad(**scene.result, 0));
    EXPECT_EQ((*scene.result)->bad_sources.size(), 1U);
}

TEST(Fetch, ALieInTheHeaderIsFoundWhoeverTellsIt) {
    for (std::size_t liar = 0; liar < 3; ++liar)
        for (const bool longer : {false, true}) {
            SCOPED_TRACE(testing::Message() << liar << longer);
            FetchScene scene(cut_car(7, 2, 80, 100, 500));
            scene.providers[liar]->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
                if (answer.status != 206 || offset != 0) return;
                // The last byte of the root's digest, before "version"; or a varint for a header of another length.
                if (longer)
                    answer.body[0] = static_cast<char>(answer.body[0] + 1);
                else
                    answer.body[static_cast<std::size_t>(answer.body[0]) - 10] ^= 1;
            };
            expect_right(scene);
            for (const BadSource& bad : (*scene.result)->bad_sources) EXPECT_EQ(bad.source, liar);
        }
}

TEST(Fetch, AnswersThatBreakHttpPutTheirProviderOut) {
    using Break = std::function<void(HttpResponse&)>;
    const auto set_range = [](HttpResponse& answer, std::string value) {
        for (auto& [name, text] : answer.fields)
            if (name == "Content-Range") text = std::move(value);
    };
    const std::vector<Break> breaks = {
        [](HttpResponse& answer) { answer.body.pop_back(); },
        [](HttpResponse& answer) { answer.body += "x"; },
        [](HttpResponse& answer) { answer.body = std::string(200'000, 'x'); },
        [&](HttpResponse& answer) { set_range(answer, "bytes 5-6/7"); },
        [&](HttpResponse& answer) { set_range(answer, "bytes 18446744073709551615-18446744073709551615/*"); },
        [&](HttpResponse& answer) { set_range(answer, std::string(100'000, '9')); },
        [](HttpResponse& answer) { answer.fields.clear(); },
        [](HttpResponse& answer) {
            answer = {.status = 200, .fields = {{"Content-Type", "text/html"}}, .body = "<html>Welcome</html>"};
        },
        [](HttpResponse& answer) { answer.fields.emplace_back("Content-Encoding", "zstd"); },
        [](HttpResponse& answer) { answer.status = 302; },
        [](HttpResponse& answer) { answer.status = 401; },
    };
    for (std::size_t i = 0; i < breaks.size(); ++i) {
        SCOPED_TRACE(i);
        FetchScene scene(cut_car(8, 2, 100, 100, 500));
        scene.providers[1]->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
            if (offset > 0) breaks[i](answer);
        };
        expect_right(scene);
        EXPECT_TRUE(is_bad(**scene.result, 1, false));
    }
}

TEST(Fetch, AProviderThatDiesInTheMiddleIsReplacedAndLosesNothing) {
    FetchScene scene(cut_car(9, 2, 300, 100, 600));
    scene.outside.network.set_hook([&](Delivery& delivery) {
        if (delivery.at.host == "10.0.0.3" && delivery.kind == Delivery::Kind::answer && scene.providers[2]->asked > 5)
            return Fate{.close = true};
        return Fate{};
    });
    expect_right(scene);
}

TEST(Fetch, OneThatLiesAndOneThatDiesLeaveTheThird) {
    FetchScene scene(cut_car(23, 2, 300, 100, 600));
    scene.providers[0]->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
        if (answer.status == 206 && offset > 5000) answer.body[7] ^= 1;
    };
    scene.outside.network.set_hook([&](Delivery& delivery) {
        if (delivery.at.host == "10.0.0.3" && scene.providers[2]->asked > 3) return Fate{.close = true};
        return Fate{};
    });
    expect_right(scene);
    EXPECT_TRUE(is_bad(**scene.result, 0));
}

TEST(Fetch, AProviderThatNeverAnswersHoldsNothingUp) {
    FetchScene scene(cut_car(24, 1, 200, 100, 600));
    scene.outside.network.set_hook(
        [&](Delivery& delivery) { return delivery.at.host == "10.0.0.2" ? Fate{.silence = true} : Fate{}; });
    const auto before = scene.outside.clock.steady();
    expect_right(scene);
    EXPECT_LT(scene.outside.clock.steady() - before, std::chrono::minutes(10));
}

TEST(Fetch, ABusyProviderIsWaitedForAsLongAsItSays) {
    FetchScene scene(cut_car(25, 1, 50, 100, 300), 1);
    int refusals = 3;
    scene.providers[0]->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t) {
        if (refusals-- > 0) answer = {.status = 429, .fields = {{"Retry-After", "20"}}, .body = "slowly"};
    };
    const auto before = scene.outside.clock.steady();
    expect_right(scene);
    EXPECT_GE(scene.outside.clock.steady() - before, std::chrono::seconds(20));
}

TEST(Fetch, OneThatLacksAPieceIsAskedForTheOthers) {
    FetchScene scene(cut_car(26, 2, 200, 100, 300), 2);
    scene.providers[1]->catalog.drop_pieces();
    scene.providers[1]->catalog.add(make_sample(scene.car.pieces[1]).served);
    expect_right(scene);
    EXPECT_TRUE((*scene.result)->bad_sources.empty());
}

TEST(Fetch, WhereAllLieNothingStandsUnderTheFinalName) {
    FetchScene scene(cut_car(27, 2, 200, 100, 600));
    for (const auto& provider : scene.providers)
        provider->spoil = [](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
            if (answer.status == 206 && offset > 2000) answer.body[3] ^= 1;
        };
    const Error error = expect_refused(scene);
    EXPECT_EQ(error.code, ErrorCode::mismatch);
    EXPECT_NE(error.message.find("10.0.0.1"), std::string::npos) << error.text();
    EXPECT_FALSE(error.remedy.empty());
}

TEST(Fetch, WhereAllGiveTheSameOtherPieceItIsRefused) {
    FetchScene scene(cut_car(28, 1, 60, 400, 400));
    const Bytes other = with_other_blocks(scene.car.pieces[0], 5);
    for (const auto& provider : scene.providers)
        provider->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
            if (answer.status == 206)
                answer.body = chars_of(ByteView(other).subspan(static_cast<std::size_t>(offset), answer.body.size()));
        };
    EXPECT_EQ(expect_refused(scene).code, ErrorCode::mismatch);
}

TEST(Fetch, WhereNobodyCanBeReachedItSaysWho) {
    FetchScene scene(cut_car(29, 1, 60, 400, 400), 2);
    scene.listeners.clear();
    const Error error = expect_refused(scene);
    EXPECT_NE(error.message.find("connection refused"), std::string::npos) << error.text();
    EXPECT_FALSE(error.remedy.empty());
}

TEST(Fetch, SlowPlainBytesAreAskedForCompressedWhereThatIsOffered) {
    CutCar car = cut_car(35, 1, 1, 100, 100);
    // Blocks that zstd makes smaller.
    std::vector<car::samples::Block> blocks;
    for (int i = 0; i < 300; ++i)
        blocks.push_back(car::samples::raw_block(std::string(600, static_cast<char>('a' + i % 7)) + std::to_string(i)));
    car.whole = car::samples::car_of(blocks);
    car.pieces = {car.whole};
    FetchScene scene(car, 2);
    scene.options.slices_below = FetchOptions{}.slices_below;
    scene.outside.network.set_hook([&](Delivery& delivery) {
        if (delivery.kind != Delivery::Kind::answer) return Fate{};
        return Fate{.bytes_per_second = 20'000};
    });
    expect_right(scene);
    EXPECT_GT(scene.providers[0]->slices + scene.providers[1]->slices, 20U);
    EXPECT_LT((*scene.result)->bytes_on_wire, car.whole.size() / 2);
}

TEST(Fetch, CompressedLiesAreLiesToo) {
    for (int kind = 0; kind < 3; ++kind) {
        SCOPED_TRACE(kind);
        FetchScene scene(cut_car(36, 1, 300, 100, 600));
        scene.options.slices_below = 1e18;
        scene.providers[1]->spoil = [&](const HttpRequest& request, HttpResponse& answer, std::uint64_t) {
            if (request.target.find("?slice=") == std::string::npos || answer.status != 200) return;
            if (kind == 0) answer.body = "no zstd";
            if (kind == 1) answer.body = chars_of(car::samples::zstd_of(Bytes(100'000, std::byte{})));
            if (kind == 2) answer.body = chars_of(car::samples::zstd_of(Bytes(1016, std::byte{1})));
        };
        expect_right(scene);
        EXPECT_GT(scene.providers[1]->slices, 0U);
        EXPECT_TRUE(is_bad(**scene.result, 1, kind == 2));
    }
}

TEST(Fetch, AnyMixOfLiesAndDeathsEndsRightAsLongAsOneIsHonest) {
    for (std::uint64_t seed = 100; seed < 160; ++seed) {
        SCOPED_TRACE(seed);
        SeededRandom random(seed);
        FetchScene scene(cut_car(seed, 1 + random.below(3), 30 + random.below(100), 20, 40 + random.below(3000)), 4);
        SeededRandom lies(seed * 7);
        const Bytes noise = random_bytes(seed, 4000);
        for (std::size_t i = 1; i < 4; ++i)
            scene.providers[i]->spoil = [&, i](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
                if (answer.status != 206 || lies.below(4) != 0) return;
                const std::size_t at = lies.below(answer.body.size());
                switch (lies.below(5)) {
                    case 0: answer.body[at] ^= static_cast<char>(1U << lies.below(8)); break;
                    case 1: answer.body = std::string(answer.body.size(), '\0'); break;
                    case 2: answer = {.status = 500}; break;
                    case 3:
                        std::rotate(answer.body.begin(), answer.body.begin() + static_cast<std::ptrdiff_t>(at),
                                    answer.body.end());
                        break;
                    default:
                        if (i == 3 && offset > 3000) answer.status = 503;
                        break;
                }
            };
        expect_right(scene);
        EXPECT_FALSE(is_bad(**scene.result, 0)) << "the honest one was convicted";
        EXPECT_FALSE(is_bad(**scene.result, 0, false)) << "the honest one was put out";
        if (HasFatalFailure()) return;
    }
}

}    // namespace
}    // namespace filfil::retrieval::samples
