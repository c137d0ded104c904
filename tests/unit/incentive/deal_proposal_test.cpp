// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/deal_proposal.hpp"

#include "ipld/dag_cbor.hpp"
#include "vectors.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

std::string text(const rpc::Json& json, const char* name) { return json[name].get<std::string>(); }

DealProposal proposal_of(const rpc::Json& json) {
    const auto address = [&](const char* name) {
        return chain::Address::from_bytes(hex_bytes(text(json, name))).value();
    };
    DealProposal out;
    out.piece = ipld::Cid::parse(text(json, "piece")).value();
    out.piece_size = json["piece_size"].get<std::uint64_t>();
    out.verified = json["verified"].get<bool>();
    out.client = address("client");
    out.provider = address("provider");
    out.label.text = json["text"].get<bool>();
    out.label.content = out.label.text ? text(json, "label") : std::string(chars_of(hex_bytes(text(json, "label"))));
    out.start = json["start"].get<std::int64_t>();
    out.end = json["end"].get<std::int64_t>();
    out.price = number(text(json, "price"));
    out.provider_collateral = number(text(json, "provider_collateral"));
    out.client_collateral = number(text(json, "client_collateral"));
    return out;
}

DealProposal sample() { return proposal_of(vectors("deals.json")[0]); }

/// The sample with one field changed, or with fields taken away or added where `changed` is called on the list.
template <class Change>
Bytes changed(Change change) {
    ipld::Value::List fields = *ipld::decode_dag_cbor(encode(sample()).value())->as_list();
    change(fields);
    return ipld::encode_dag_cbor(ipld::Value(std::move(fields)), {.check_utf8 = false}).value();
}

void expect_corrupt(const Bytes& bytes, std::string_view says) {
    const auto read = decode_deal_proposal(bytes);
    ASSERT_FALSE(read.ok()) << says;
    EXPECT_EQ(read.error().code, ErrorCode::corrupt) << read.error().message;
    EXPECT_NE(read.error().message.find(says), std::string::npos) << read.error().message;
}

TEST(DealProposal, IsWrittenAndReadAsAnotherProgramDoes) {
    const rpc::Json all = vectors("deals.json");
    ASSERT_EQ(all.size(), 4U);
    for (const rpc::Json& one : all) {
        const DealProposal proposal = proposal_of(one);
        const Bytes bytes = encode(proposal).value();
        EXPECT_EQ(to_hex(bytes), text(one, "encoded"));
        EXPECT_EQ(cid_of(proposal)->text(), text(one, "cid"));
        EXPECT_EQ(decode_deal_proposal(bytes).value(), proposal);

        const ClientDealProposal with_signature{.proposal = proposal, .signature = hex_bytes("02dead")};
        EXPECT_EQ(to_hex(encode(with_signature).value()), text(one, "signed"));
        EXPECT_EQ(decode_client_deal_proposal(hex_bytes(text(one, "signed"))).value(), with_signature);

        const AuthenticateParams authenticate{.signature = hex_bytes("02dead"), .message = bytes};
        EXPECT_EQ(to_hex(encode(authenticate)), text(one, "authenticate"));
        EXPECT_EQ(decode_authenticate_params(encode(authenticate)).value(), authenticate);

        const NotifyDealParams notify{.proposal = bytes, .deal = std::uint64_t{1} << 32};
        EXPECT_EQ(to_hex(encode(notify)), text(one, "notify"));
        EXPECT_EQ(decode_notify_deal_params(encode(notify)).value(), notify);
    }
}

TEST(DealProposal, HasTheBytesThatTheMarketKnows) {
    // 32 GiB of f03001234 with f01000, epochs 6,000,000 to 7,000,000, collateral of 0.0052 FIL.
    const std::string hex = to_hex(encode(sample()).value());
    EXPECT_EQ(hex.size(), 2 * 150U);
    EXPECT_TRUE(hex.starts_with("8bd82a5828000181e2039220204933")) << hex;
    EXPECT_EQ(hex.substr(hex.find("103a1b"), 48), "103a1b0000000800000000f445009297b7014300e807783e");
    EXPECT_TRUE(hex.ends_with("1a005b8d801a006acfc040480012795f58d5000040")) << hex;
}

TEST(DealProposal, AmountsAreReadInTheirOneFormOnly) {
    const auto with_price = [](const char* hex) {
        return changed([&](ipld::Value::List& fields) { fields[8] = hex_bytes(hex); });
    };
    EXPECT_TRUE(decode_deal_proposal(with_price("")).ok());
    EXPECT_EQ(decode_deal_proposal(with_price("00ff"))->price, U256(255));
    expect_corrupt(with_price("0105"), "deal proposal: price: an amount is below zero");
    expect_corrupt(with_price("00"), "shortest form");
    expect_corrupt(with_price("0000ff"), "shortest form");
    expect_corrupt(with_price("02ff"), "shortest form");
    EXPECT_TRUE(decode_deal_proposal(with_price(("00" + std::string(64, 'f')).c_str())).ok());
    expect_corrupt(with_price(("0001" + std::string(64, '0')).c_str()), "256 bits");
}

TEST(DealProposal, FieldsOfAnotherTypeAreRefused) {
    constexpr std::array names = {
        "piece", "piece size",          "verified",         "client", "provider", "label", "start", "end",
        "price", "provider collateral", "client collateral"};
    for (std::size_t i = 0; i < names.size(); ++i)
        expect_corrupt(changed([&](ipld::Value::List& fields) { fields[i] = ipld::Value(); }),
                       std::string("deal proposal: ") + names[i] + ": ");
    expect_corrupt(changed([](ipld::Value::List& fields) { fields[1] = -1; }), "piece size");
    expect_corrupt(changed([](ipld::Value::List& fields) { fields[6] = ~std::uint64_t{0}; }), "start");
    expect_corrupt(changed([](ipld::Value::List& fields) { fields[3] = Bytes(); }), "client");
    expect_corrupt(changed([](ipld::Value::List& fields) { fields[4] = hex_bytes("0080"); }), "provider");
    expect_corrupt(changed([](ipld::Value::List& fields) { fields.pop_back(); }), "a list of 10");
    expect_corrupt(changed([](ipld::Value::List& fields) { fields.push_back(1); }), "a list of 12");
    expect_corrupt(hex_bytes("a0"), "no list");
    expect_corrupt(hex_bytes("00"), "no list");
}

TEST(DealProposal, LabelsHaveALengthAndMayBeNoUtf8) {
    const auto with_label = [](ipld::Value label) {
        return changed([&](ipld::Value::List& fields) { fields[5] = std::move(label); });
    };
    EXPECT_EQ(decode_deal_proposal(with_label(std::string("\xff\xfe")))->label.content, "\xff\xfe");
    EXPECT_FALSE(decode_deal_proposal(with_label(Bytes(256)))->label.text);
    expect_corrupt(with_label(Bytes(257)), "longer than 256");
    expect_corrupt(with_label(std::string(257, 'a')), "longer than 256");
    DealProposal proposal = sample();
    proposal.label.content = std::string(257, 'a');
    EXPECT_EQ(encode(proposal).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(cid_of(proposal).error().code, ErrorCode::invalid_argument);
}

TEST(DealProposal, OneThatIsNotWholeIsNotWritten) {
    for (const auto& take : std::vector<void (*)(DealProposal&)>{[](DealProposal& p) { p.piece = {}; },
                                                                 [](DealProposal& p) { p.client = {}; },
                                                                 [](DealProposal& p) { p.provider = {}; }}) {
        ClientDealProposal whole{.proposal = sample(), .signature = {}};
        take(whole.proposal);
        EXPECT_EQ(encode(whole.proposal).error().code, ErrorCode::invalid_argument);
        EXPECT_EQ(encode(whole).error().code, ErrorCode::invalid_argument);
    }
}

TEST(DealProposal, HostileBytesAreRefused) {
    const Bytes good = encode(sample()).value();
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_EQ(decode_deal_proposal(ByteView(good).first(size)).error().code, ErrorCode::truncated) << size;
    Bytes longer = good;
    longer.push_back(std::byte{0});
    expect_corrupt(longer, "deal proposal");
    // Not in the shortest form; of indefinite length; nested without an end; larger than any message.
    expect_corrupt(hex_bytes("980b" + to_hex(ByteView(good).subspan(1))), "deal proposal");
    expect_corrupt(hex_bytes("9f" + to_hex(ByteView(good).subspan(1)) + "ff"), "deal proposal");
    EXPECT_EQ(decode_deal_proposal(Bytes(100'000, std::byte{0x81})).error().code, ErrorCode::too_large);
    EXPECT_EQ(decode_deal_proposal(Bytes((1 << 20) + 1)).error().code, ErrorCode::too_large);
    EXPECT_FALSE(decode_client_deal_proposal(good).ok());
    EXPECT_FALSE(decode_authenticate_params(hex_bytes("8240")).ok());
    EXPECT_FALSE(decode_notify_deal_params(hex_bytes("824020")).ok());
    EXPECT_TRUE(decode_notify_deal_params(hex_bytes("824000")).ok());
}

}    // namespace
}    // namespace filfil::incentive
