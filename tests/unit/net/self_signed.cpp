// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "self_signed.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>

namespace filfil::net {

bool write_self_signed(const TlsFiles& files, const std::vector<std::string>& names) {
    const std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key(::EVP_EC_gen("P-256"), &::EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&::X509_free)> certificate(::X509_new(), &::X509_free);
    if (!key || !certificate) return false;
    ::X509_set_version(certificate.get(), 2);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), 1);
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -3600);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), 24L * 3600);
    ::X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = ::X509_get_subject_name(certificate.get());
    ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("fil-fil test"), -1,
                                 -1, 0);
    ::X509_set_issuer_name(certificate.get(), name);
    std::string all;
    for (const std::string& one : names) all += (all.empty() ? "" : ",") + one;
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    ::X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
    X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, all.c_str());
    if (extension == nullptr) return false;
    ::X509_add_ext(certificate.get(), extension, -1);
    ::X509_EXTENSION_free(extension);
    if (::X509_sign(certificate.get(), key.get(), ::EVP_sha256()) == 0) return false;

    std::FILE* out = std::fopen(files.certificate.c_str(), "w");
    if (out == nullptr) return false;
    bool good = ::PEM_write_X509(out, certificate.get()) == 1;
    std::fclose(out);
    out = std::fopen(files.key.c_str(), "w");
    if (out == nullptr) return false;
    good = good && ::PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
    std::fclose(out);
    return good;
}

}    // namespace filfil::net
