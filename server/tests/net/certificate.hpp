// Certificates for tests, made anew for each.
#pragma once

#include "tests/net/support.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <string>

namespace owp::net::test {

/// A certificate of its own signing for `name`, with its key, as two PEM files. `hosts` is whom it
/// holds for, as OpenSSL writes it: "IP:127.0.0.1,DNS:localhost".
inline void write_certificate(const TemporaryFolder& folder, const std::string& name,
                              const std::string& hosts = "") {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* const subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    if (!hosts.empty()) {
        X509_EXTENSION* const extension =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, hosts.c_str());
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(certificate, key, EVP_sha256());
    std::FILE* file = std::fopen((folder.path / "cert.pem").c_str(), "wb");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen((folder.path / "key.pem").c_str(), "wb");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

} // namespace owp::net::test
