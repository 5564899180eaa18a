/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/error.h"

G_BEGIN_DECLS

/* The file ".DIR", which lists all files of all drives (manual 2.3.3.3; pakbus-facts G4). */

typedef enum
{
  PAK_FILE_RUNNING = 1,
  PAK_FILE_RUN_ON_POWER_UP = 2,
  PAK_FILE_READ_ONLY = 3,
  PAK_FILE_HIDDEN = 4,
  PAK_FILE_PAUSED = 5,
} PakFileAttribute;

#define PAK_MAX_FILE_ATTRIBUTES 12

/** A file, or a drive: "CPU:", whose size is its free bytes. */
typedef struct
{
  char   *name;
  guint32 size;
  char   *date; /* "YYYY-MM-DD hh:mm:ss", or "" */
  guint8  attributes[PAK_MAX_FILE_ATTRIBUTES];
  guint   n_attributes;
} PakDirectoryEntry;

PakDirectoryEntry *pak_directory_entry_new  (const char *name, guint32 size, const char *date);
void               pak_directory_entry_free (PakDirectoryEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakDirectoryEntry, pak_directory_entry_free)
gboolean           pak_directory_entry_is_drive (const PakDirectoryEntry *entry);
/** Appends an attribute that @entry does not have yet. */
void               pak_directory_entry_add_attribute (PakDirectoryEntry *entry, PakFileAttribute attribute);
gboolean           pak_directory_entry_has_attribute (const PakDirectoryEntry *entry, PakFileAttribute attribute);

/**
 * Reads a directory; it ends with the bytes or at an empty name. Errors: PAK_ERROR_MESSAGE.
 * Returns: (element-type PakDirectoryEntry) (transfer full): array that frees its entries
 */
GPtrArray *pak_directory_parse  (const guint8 *bytes, gsize length, GError **error);
/** Appends the directory of @entries (PakDirectoryEntry) as the logger writes it. */
void       pak_directory_append (const GPtrArray *entries, GByteArray *out);

G_END_DECLS
