/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/message-private.h"
#include "protocol/table.h"

G_BEGIN_DECLS

#define PAK_MSG_COLLECT     0x09
#define PAK_MSG_FILE_UPLOAD 0x1D
#define PAK_MSG_GET_VALUES  0x1A
#define PAK_MSG_DEFINITION  0x20
#define PAK_MSG_ONE_WAY     0x14
#define PAK_RESPONSE        0x80 /* of a command */

/**
 * PakMemory: what a dissector keeps of the frames that passed by, to understand later ones: commands, files as they
 * are put together, definitions of tables. However long the traffic, it stays small: what is too much is forgotten.
 */
typedef struct _PakMemory PakMemory;

PakMemory        *pak_memory_new  (void);
void              pak_memory_free (PakMemory *memory);
/** Keeps a BMP5 command, if answers need it. Takes @command. */
void              pak_memory_keep_command (PakMemory *memory, const PakPacket *packet, PakMessage *command);
/** The command of this type that @response answers, or NULL. */
const PakMessage *pak_memory_find_command (PakMemory *memory, const PakPacket *response, guint8 type);
void              pak_memory_keep_table   (PakMemory *memory, guint node, OpTable *table);
/** The definition of a node's table, or NULL. */
OpTable          *pak_memory_find_table   (PakMemory *memory, guint node, guint number);
/**
 * Adds what a File Upload Response brought of file @name. Returns the whole file when its last fragment came and
 * none is missing, else NULL.
 */
GByteArray       *pak_memory_add_fragment (PakMemory *memory, const PakPacket *packet, const char *name, gsize offset,
                                           const guint8 *bytes, gsize length, gboolean is_last);

static inline void
pak_dissect_add (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", name, value);
}

GVariant *pak_dissect_make_hex  (const guint8 *bytes, gsize length);
/** Text of a logger as UTF-8. */
GVariant *pak_dissect_make_text (const char *text);

/**
 * Adds the blocks of a Collect Data Response (what follows its code), their records decoded as far as the definitions
 * are known. FALSE, adding nothing, when they are not, or do not fit.
 */
gboolean  pak_dissect_collected (PakMemory *memory, const PakPacket *packet, const PakMessage *response,
                                 GVariantBuilder *builder);
/** As pak_dissect_collected(), of One-Way Data. */
gboolean  pak_dissect_one_way   (PakMemory *memory, const PakPacket *packet, const PakMessage *message,
                                 GVariantBuilder *builder);
/** Adds what a whole file that was read holds: definitions, which are kept, or the directory. */
void      pak_dissect_file      (PakMemory *memory, guint node, const char *name, const GByteArray *content,
                                 GVariantBuilder *builder);
/** Adds the name, and the value as text, of the setting whose @field was just added. */
void      pak_dissect_setting   (const PakMessage *message, const char *field, GVariantBuilder *builder);

G_END_DECLS
