/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/formats/data-file.h"

G_BEGIN_DECLS

/* A TOB1 file of a 10 Hz table with every kind of value, written byte by byte from file-formats.md, section 3. */

/** Bytes of a record of tob1_fixture_add_record(). */
#define TOB1_RECORD_SIZE 52
/** The table's first time, in seconds since 1990. */
#define TOB1_FIRST_SECOND 1140000000u

/** A header of one table; the types are those of the records below. */
void  tob1_fixture_add_header (GByteArray *bytes);
/** Any header: its lines, each without line end. */
void  tob1_fixture_add_lines  (GByteArray *bytes, const char *const *lines);
/** Record @number: time grows 100 ms a record. */
void  tob1_fixture_add_record (GByteArray *bytes, guint32 number);
/** Header and @n records from number @first on. */
GByteArray *tob1_fixture_new  (guint32 first, guint n);
/** What the vendor's converter makes of record @number, without its line end. */
char *tob1_fixture_dup_text   (guint32 number);

/** Reads bytes as a file is read. NULL and @error when the header is damaged. */
OpDataFile *tob1_fixture_read (const GByteArray *bytes, GError **error);

G_END_DECLS
