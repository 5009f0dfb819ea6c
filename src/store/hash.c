#include "store/hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)128 << 10)

struct xd_hash {
    xd_arena *arena;
    EVP_MD *kind;
    EVP_MD_CTX *work;
};

void xd_hash_close(xd_hash *hash)
{
    if (hash != NULL) {
        EVP_MD_CTX_free(hash->work);
        EVP_MD_free(hash->kind);
        xd_arena_free(hash->arena);
    }
}

bool xd_hash_open(xd_ctx *cx, int64_t algorithm, xd_hash **ret_hash)
{
    static const char *const names[] = {NULL, "SHA256", "SM3"};
    if (algorithm < 1 || algorithm >= (int64_t)XD_LEN(names)) {
        return xd_fail(cx, XD_INVALID, "no hash algorithm has the id %" PRId64, algorithm);
    }
    xd_arena *arena = xd_arena_make();
    xd_hash *hash = xd_new(arena, xd_hash);
    hash->arena = arena;
    hash->kind = EVP_MD_fetch(NULL, names[algorithm], NULL);
    hash->work = EVP_MD_CTX_new();
    if (hash->kind == NULL || hash->work == NULL ||
        EVP_MD_get_size(hash->kind) != XD_HASH_BYTES) {
        xd_hash_close(hash);
        return xd_fail(cx, XD_SYSTEM, "OpenSSL has no %s", names[algorithm]);
    }
    *ret_hash = hash;
    return true;
}

bool xd_hash_two(xd_ctx *cx, xd_hash *hash, xd_str a, xd_str b,
                 uint8_t ret_digest[XD_HASH_BYTES])
{
    uint8_t digest[XD_HASH_BYTES];
    if (EVP_DigestInit_ex2(hash->work, hash->kind, NULL) != 1 ||
        EVP_DigestUpdate(hash->work, a.p, a.n) != 1 ||
        EVP_DigestUpdate(hash->work, b.p, b.n) != 1 ||
        EVP_DigestFinal_ex(hash->work, digest, NULL) != 1) {
        return xd_fail(cx, XD_SYSTEM, "hashing failed");
    }
    memcpy(ret_digest, digest, sizeof digest);
    return true;
}

bool xd_hash_file(xd_ctx *cx, xd_hash *hash, int fd, uint8_t ret_digest[XD_HASH_BYTES])
{
    uint8_t digest[XD_HASH_BYTES];
    char *piece = xd_new_n(cx->arena, char, PIECE);
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return xd_fail_errno(cx, errno, "looking at the file");
    }
    bool ok = EVP_DigestInit_ex2(hash->work, hash->kind, NULL) == 1;
    ssize_t n = 1;
    for (off_t at = 0; ok && S_ISREG(st.st_mode) && n != 0; at += n > 0 ? n : 0) {
        n = pread(fd, piece, PIECE, at);
        if (n < 0 && errno != EINTR) {
            return xd_fail_errno(cx, errno, "reading the file");
        }
        ok = n <= 0 || EVP_DigestUpdate(hash->work, piece, (size_t)n) == 1;
    }
    if (!ok || EVP_DigestFinal_ex(hash->work, digest, NULL) != 1) {
        return xd_fail(cx, XD_SYSTEM, "hashing failed");
    }
    memcpy(ret_digest, digest, sizeof digest);
    return true;
}
