/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Each fuzz-NAME.c is a libFuzzer target: with clang, build it and tests/pakbus/vectors.c with
 * -fsanitize=fuzzer,address,undefined. With any compiler fuzz-main.c makes an ordinary test of it: all seeds, and
 * then mutations of them that are the same in each run.
 */
int  LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
/** Adds inputs that the decoder accepts to @seeds (of GByteArray). */
void fuzz_add_seeds         (GPtrArray *seeds);
