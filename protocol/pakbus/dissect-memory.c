/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect-private.h"

#include <string.h>

#define MAX_COMMANDS    256
#define MAX_TABLES      2048
#define MAX_FILES       16
#define MAX_FILE_LENGTH (4 * 1024 * 1024)

struct _PakMemory
{
  GHashTable *commands; /* by addresses and transaction number: PakMessage */
  GHashTable *tables;   /* by node and number: OpTable */
  GHashTable *files;    /* by addresses and name: GByteArray */
};

PakMemory *
pak_memory_new (void)
{
  PakMemory *memory = g_new0 (PakMemory, 1);

  memory->commands = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pak_message_free);
  memory->tables = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) op_table_unref);
  memory->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_byte_array_unref);
  return memory;
}

void
pak_memory_free (PakMemory *memory)
{
  g_hash_table_unref (memory->commands);
  g_hash_table_unref (memory->tables);
  g_hash_table_unref (memory->files);
  g_free (memory);
}

static void
make_room (GHashTable *table, guint max)
{
  if (g_hash_table_size (table) >= max)
    g_hash_table_remove_all (table);
}

/* Addresses have twelve bits each. */
static gpointer
get_transaction_key (guint client, guint logger, guint8 transaction)
{
  return GUINT_TO_POINTER (client << 20 | logger << 8 | transaction);
}

void
pak_memory_keep_command (PakMemory *memory, const PakPacket *packet, PakMessage *command)
{
  switch (packet->type)
    {
    case PAK_MSG_COLLECT:
    case PAK_MSG_FILE_UPLOAD:
    case PAK_MSG_GET_VALUES:
      make_room (memory->commands, MAX_COMMANDS);
      g_hash_table_replace (memory->commands,
                            get_transaction_key (packet->src_node, packet->dst_node, packet->transaction), command);
      break;
    default:
      pak_message_free (command);
    }
}

const PakMessage *
pak_memory_find_command (PakMemory *memory, const PakPacket *response, guint8 type)
{
  gpointer key = get_transaction_key (response->dst_node, response->src_node, response->transaction);
  const PakMessage *command = g_hash_table_lookup (memory->commands, key);

  return command != NULL && command->desc->type == type ? command : NULL;
}

static gpointer
get_table_key (guint node, guint number)
{
  return GUINT_TO_POINTER (node << 16 | number);
}

void
pak_memory_keep_table (PakMemory *memory, guint node, OpTable *table)
{
  make_room (memory->tables, MAX_TABLES);
  g_hash_table_replace (memory->tables, get_table_key (node, table->number), op_table_ref (table));
}

OpTable *
pak_memory_find_table (PakMemory *memory, guint node, guint number)
{
  return g_hash_table_lookup (memory->tables, get_table_key (node, number));
}

static GByteArray *
get_file (PakMemory *memory, const char *key)
{
  GByteArray *file = g_hash_table_lookup (memory->files, key);

  if (file != NULL)
    return file;
  make_room (memory->files, MAX_FILES);
  file = g_byte_array_new ();
  g_hash_table_insert (memory->files, g_strdup (key), file);
  return file;
}

/* Whether @length bytes at @offset came before: an answer may come twice. */
static gboolean
is_held (const GByteArray *file, gsize offset, const guint8 *bytes, gsize length)
{
  return offset < file->len && length <= file->len - offset && memcmp (file->data + offset, bytes, length) == 0;
}

GByteArray *
pak_memory_add_fragment (PakMemory *memory, const PakPacket *packet, const char *name, gsize offset,
                         const guint8 *bytes, gsize length, gboolean is_last)
{
  g_autofree char *key = g_strdup_printf ("%u/%u/%s", (guint) packet->dst_node, (guint) packet->src_node, name);
  GByteArray *file = get_file (memory, key);

  if (offset == 0 && !is_held (file, offset, bytes, length))
    g_byte_array_set_size (file, 0);
  if (offset == file->len && length <= MAX_FILE_LENGTH - offset && length > 0)
    g_byte_array_append (file, bytes, (guint) length);
  if (!is_last || offset + length != file->len)
    return NULL;
  file = g_byte_array_ref (file);
  g_hash_table_remove (memory->files, key);
  return file;
}
