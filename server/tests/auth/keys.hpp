// Keys for tests, made anew for each run.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

namespace owp::auth::testing {

struct KeyPair {
    std::string private_pem;
    std::string public_pem;
};

inline std::string pem_of(EVP_PKEY* key, bool secret) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio{BIO_new(BIO_s_mem()), &BIO_free_all};
    if (secret)
        PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    else
        PEM_write_bio_PUBKEY(bio.get(), key);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

inline KeyPair pair_of(EVP_PKEY* made) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{made, &EVP_PKEY_free};
    return {pem_of(key.get(), true), pem_of(key.get(), false)};
}

inline KeyPair make_rsa(unsigned bits = 2048) {
    return pair_of(EVP_RSA_gen(bits));
}
inline KeyPair make_ec(const char* curve = "P-256") {
    return pair_of(EVP_EC_gen(curve));
}

} // namespace owp::auth::testing
