// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/key_file.hpp"

#include "crash_files.hpp"
#include "foundry.hpp"
#include "vectors.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace filfil::incentive {
namespace {

constexpr ScryptCost quick{.n = 16, .r = 1, .p = 1};

SecretKey some_key() { return *SecretKey::from_bytes(Bytes(32, std::byte{0x42})); }

std::string some_file() {
    SeededRandom random(5);
    return *encode_key_file(some_key(), "secret", random, quick);
}

/// The file of above with a field of "crypto" (or of what is in it) changed.
rpc::Json changed(const std::string& pointer, const rpc::Json& value) {
    rpc::Json file = *rpc::parse_json(some_file());
    file[rpc::Json::json_pointer(pointer)] = value;
    return file;
}

Error error_of(const rpc::Json& file, std::string_view password = "secret") {
    const auto key = decode_key_file(rpc::write_json(file), password);
    EXPECT_FALSE(key.ok()) << file;
    return key.ok() ? Error(ErrorCode::internal, "none") : key.error();
}

/// A folder of this machine's own.
struct Folder {
    Folder() : path(std::filesystem::temp_directory_path() / ("filfil_keys_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return (path / name).string(); }
    std::filesystem::path path;
};

TEST(KeyFile, ReadsWhatCastWrites) {
    const rpc::Json all = vectors("sending.json");
    ASSERT_EQ(all["key_files"].size(), 3U);
    for (const rpc::Json& one : all["key_files"]) {
        const auto key = decode_key_file(one["file"].get<std::string>(), one["password"].get<std::string>());
        ASSERT_TRUE(key.ok()) << key.error().text();
        EXPECT_EQ("0x" + to_hex(key->bytes()), one["key"].get<std::string>());
    }
}

// The vector of the page that defined the format (r 1, n 2^18) breaks RFC 7914, which OpenSSL keeps to.
TEST(KeyFile, SaysThatScryptIsNotDefinedForSoSmallAnR) {
    rpc::Json file = changed("/crypto/kdfparams/n", 262'144);
    file["crypto"]["kdfparams"]["r"] = 1;
    file["crypto"]["kdfparams"]["p"] = 8;
    const Error error = error_of(file);
    EXPECT_EQ(error.code, ErrorCode::unsupported);
    EXPECT_FALSE(error.remedy.empty());
    file["crypto"]["kdfparams"]["n"] = 32'768;
    EXPECT_EQ(error_of(file).code, ErrorCode::denied);    // it was tried
}

TEST(KeyFile, ReadsWhatItWrites) {
    SeededRandom random(9);
    const auto text = encode_key_file(some_key(), "pässwörd", random, quick);
    ASSERT_TRUE(text.ok()) << text.error().text();
    EXPECT_EQ(text->find(to_hex(some_key().bytes())), std::string::npos);
    const auto key = decode_key_file(*text, "pässwörd");
    ASSERT_TRUE(key.ok()) << key.error().text();
    EXPECT_EQ(key->bytes(), some_key().bytes());
    EXPECT_EQ(**address_in_key_file(*text), some_key().address());
    // Another salt, another file.
    EXPECT_NE(*encode_key_file(some_key(), "pässwörd", random, quick), *text);
    EXPECT_FALSE(encode_key_file(some_key(), "", random, quick).ok());
}

TEST(KeyFile, CastReadsWhatItWrites) {
    const std::string cast = find_foundry("cast", "FILFIL_CAST");
    if (cast.empty()) GTEST_SKIP() << "no cast: set FILFIL_CAST to its path, or install the contract tests' packages";
    const Folder folder;
    SystemFiles files;
    SystemRandom random;
    const SecretKey key = SecretKey::generate(random);
    ASSERT_TRUE(write_key_file(files, folder.file("key"), key, "a b'c", random, {.n = 8192, .r = 8, .p = 1}).ok());
    const std::string command = "'" + cast + "' wallet address --keystore '" + folder.file("key") +
                                "' --password \"a b'c\" > '" + folder.file("out") + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);    // NOLINT(cert-env33-c,concurrency-mt-unsafe)
    std::ifstream out(folder.file("out"));
    std::string address;
    out >> address;
    EXPECT_EQ(address, key.address().text());
}

TEST(KeyFile, SaysThatThePasswordIsWrong) {
    const Error error = error_of(*rpc::parse_json(some_file()), "Secret");
    EXPECT_EQ(error.code, ErrorCode::denied);
    EXPECT_NE(error.message.find("password"), std::string::npos);
    EXPECT_FALSE(error.remedy.empty());
    EXPECT_EQ(error.message.find("Secret"), std::string::npos);
    EXPECT_EQ(error_of(*rpc::parse_json(some_file()), "").code, ErrorCode::denied);
}

TEST(KeyFile, RefusesEveryTruncation) {
    const std::string text = some_file();
    for (std::size_t size = 0; size + 1 < text.size(); ++size)
        EXPECT_FALSE(decode_key_file(text.substr(0, size), "secret").ok()) << size;
}

TEST(KeyFile, IsNotMadeToWorkForever) {
    for (const auto& [n, r, p] : std::vector<std::array<std::uint64_t, 3>>{{1ULL << 40, 8, 1},
                                                                           {1ULL << 63, 1, 1},
                                                                           {1ULL << 20, 1ULL << 40, 1},
                                                                           {2, 1ULL << 31, 1ULL << 31},
                                                                           {1ULL << 18, 8, 1ULL << 20},
                                                                           {1ULL << 23, 8, 1},
                                                                           {2, 1, 1ULL << 40}}) {
        rpc::Json file = changed("/crypto/kdfparams/n", n);
        file["crypto"]["kdfparams"]["r"] = r;
        file["crypto"]["kdfparams"]["p"] = p;
        const Error error = error_of(file);
        EXPECT_EQ(error.code, ErrorCode::too_large) << n << " " << r << " " << p;
        EXPECT_FALSE(error.remedy.empty());
    }
    for (const auto& n : {0, 1, 3, 1000})
        EXPECT_EQ(error_of(changed("/crypto/kdfparams/n", n)).code, ErrorCode::corrupt);
    EXPECT_EQ(error_of(changed("/crypto/kdfparams/r", 0)).code, ErrorCode::corrupt);
    EXPECT_EQ(error_of(changed("/crypto/kdfparams/p", 0)).code, ErrorCode::corrupt);
}

TEST(KeyFile, NamesWhatItCannotRead) {
    for (const auto& [pointer, value] :
         std::vector<std::pair<std::string, rpc::Json>>{{"/crypto/cipher", "aes-256-ctr"},
                                                        {"/crypto/cipher", "aes-128-cbc"},
                                                        {"/crypto/kdf", "pbkdf2"},
                                                        {"/version", 1},
                                                        {"/version", 4}}) {
        const Error error = error_of(changed(pointer, value));
        EXPECT_EQ(error.code, ErrorCode::unsupported) << pointer;
        EXPECT_FALSE(error.remedy.empty()) << pointer;
    }
}

TEST(KeyFile, NamesTheFieldThatIsDamaged) {
    for (const std::string field :
         {"/crypto/cipher", "/crypto/ciphertext", "/crypto/cipherparams", "/crypto/cipherparams/iv", "/crypto/kdf",
          "/crypto/kdfparams", "/crypto/kdfparams/n", "/crypto/kdfparams/r", "/crypto/kdfparams/p",
          "/crypto/kdfparams/salt", "/crypto/kdfparams/dklen", "/crypto/mac", "/version"}) {
        for (const rpc::Json& value : {rpc::Json(), rpc::Json(-1), rpc::Json(1.5), rpc::Json(true), rpc::Json::array(),
                                       rpc::Json::object(), rpc::Json("zz")}) {
            const Error error = error_of(changed(field, value));
            EXPECT_TRUE(error.code == ErrorCode::corrupt || error.code == ErrorCode::unsupported) << field << value;
        }
        rpc::Json without = *rpc::parse_json(some_file());
        const rpc::Json::json_pointer pointer(field);
        without[pointer.parent_pointer()].erase(pointer.back());
        const Error error = error_of(without);
        EXPECT_EQ(error.code, ErrorCode::corrupt) << field;
        EXPECT_NE(error.message.find(pointer.back()), std::string::npos) << error.message;
    }
    EXPECT_EQ(error_of(changed("/crypto/ciphertext", std::string(62, 'a'))).code, ErrorCode::corrupt);
    EXPECT_EQ(error_of(changed("/crypto/kdfparams/salt", std::string(4096, 'a'))).code, ErrorCode::corrupt);
    EXPECT_EQ(error_of(changed("/crypto/kdfparams/dklen", 64)).code, ErrorCode::corrupt);
    EXPECT_EQ(error_of(changed("/crypto/mac", std::string(64, '0'))).code, ErrorCode::denied);
    EXPECT_EQ(error_of(rpc::Json("text")).code, ErrorCode::corrupt);
    EXPECT_EQ(error_of(rpc::Json::array()).code, ErrorCode::corrupt);
    EXPECT_FALSE(decode_key_file(std::string(100'000, '{'), "secret").ok());
    EXPECT_EQ(decode_key_file(std::string(100'000, ' '), "secret").error().code, ErrorCode::too_large);
}

TEST(KeyFile, SaysThatTheAddressIsAnothers) {
    const Error error = error_of(changed("/address", "00000000000000000000000000000000000000aa"));
    EXPECT_EQ(error.code, ErrorCode::mismatch);
    EXPECT_NE(error.message.find(some_key().address().text()), std::string::npos);
    // Early wallets wrote none, or an empty one.
    rpc::Json without = *rpc::parse_json(some_file());
    without.erase("address");
    EXPECT_TRUE(decode_key_file(rpc::write_json(without), "secret").ok());
    EXPECT_TRUE(decode_key_file(rpc::write_json(changed("/address", "")), "secret").ok());
    EXPECT_FALSE(address_in_key_file(rpc::write_json(without))->has_value());
}

TEST(KeyFile, IsForItsOwnerAlone) {
    const Folder folder;
    SystemFiles files;
    SeededRandom random(2);
    const std::string path = folder.file("key");
    ASSERT_TRUE(write_key_file(files, path, some_key(), "secret", random, quick).ok());
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    const auto key = read_key_file(files, path, "secret");
    ASSERT_TRUE(key.ok()) << key.error().text();
    EXPECT_EQ(key->address(), some_key().address());

    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
    const auto open = read_key_file(files, path, "secret");
    ASSERT_FALSE(open.ok());
    EXPECT_EQ(open.error().code, ErrorCode::denied);
    EXPECT_NE(open.error().remedy.find("chmod 600"), std::string::npos);
}

TEST(KeyFile, IsNeverOverwritten) {
    CrashFiles files;
    SeededRandom random(2);
    ASSERT_TRUE(write_key_file(files, "key", some_key(), "secret", random, quick).ok());
    const SecretKey other = SecretKey::generate(random);
    const auto again = write_key_file(files, "key", other, "secret", random, quick);
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(read_key_file(files, "key", "secret")->address(), some_key().address());
    const auto wrong = read_key_file(files, "key", "other");
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().message.substr(0, 5), "key: ");
    EXPECT_EQ(read_key_file(files, "nothing", "secret").error().code, ErrorCode::not_found);
}

}    // namespace
}    // namespace filfil::incentive
