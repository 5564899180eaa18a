/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/directory.h"

#include <string.h>

#define DIRECTORY_VERSION 1

typedef struct
{
  const guint8 *bytes;
  gsize         length;
  gsize         offset;
} Cursor;

static gboolean
refuse (const Cursor *cursor, const char *what, GError **error)
{
  g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "Directory: %s at byte %" G_GSIZE_FORMAT " is cut off", what,
               cursor->offset);
  return FALSE;
}

static gboolean
read_text (Cursor *cursor, const char *what, char **text, GError **error)
{
  const char *begin = (const char *) cursor->bytes + cursor->offset;
  gsize left = cursor->length - cursor->offset;
  gsize length = strnlen (begin, left);

  if (length == left)
    return refuse (cursor, what, error);
  *text = g_strndup (begin, length);
  cursor->offset += length + 1;
  return TRUE;
}

static gboolean
read_size (Cursor *cursor, guint32 *size, GError **error)
{
  guint32 word;

  if (cursor->length - cursor->offset < sizeof word)
    return refuse (cursor, "a file's size", error);
  memcpy (&word, cursor->bytes + cursor->offset, sizeof word);
  *size = GUINT32_FROM_BE (word);
  cursor->offset += sizeof word;
  return TRUE;
}

static gboolean
read_attributes (Cursor *cursor, PakDirectoryEntry *entry, GError **error)
{
  while (cursor->offset < cursor->length)
    {
      guint8 attribute = cursor->bytes[cursor->offset++];

      if (attribute == 0)
        return TRUE;
      if (entry->n_attributes < PAK_MAX_FILE_ATTRIBUTES)
        entry->attributes[entry->n_attributes++] = attribute;
    }
  return refuse (cursor, "a list of attributes", error);
}

static PakDirectoryEntry *
read_entry (Cursor *cursor, GError **error)
{
  g_autoptr (PakDirectoryEntry) entry = g_new0 (PakDirectoryEntry, 1);

  if (!read_text (cursor, "a file's name", &entry->name, error)
      || !read_size (cursor, &entry->size, error)
      || !read_text (cursor, "a file's date", &entry->date, error)
      || !read_attributes (cursor, entry, error))
    return NULL;
  return g_steal_pointer (&entry);
}

static void
append_text (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *) text, (guint) strlen (text) + 1);
}

PakDirectoryEntry *
pak_directory_entry_new (const char *name, guint32 size, const char *date)
{
  PakDirectoryEntry *entry = g_new0 (PakDirectoryEntry, 1);

  entry->name = g_strdup (name);
  entry->size = size;
  entry->date = g_strdup (date);
  return entry;
}

void
pak_directory_entry_free (PakDirectoryEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->name);
  g_free (entry->date);
  g_free (entry);
}

gboolean
pak_directory_entry_is_drive (const PakDirectoryEntry *entry)
{
  return g_str_has_suffix (entry->name, ":");
}

void
pak_directory_entry_add_attribute (PakDirectoryEntry *entry, PakFileAttribute attribute)
{
  g_return_if_fail (entry->n_attributes < PAK_MAX_FILE_ATTRIBUTES);

  entry->attributes[entry->n_attributes++] = (guint8) attribute;
}

gboolean
pak_directory_entry_has_attribute (const PakDirectoryEntry *entry, PakFileAttribute attribute)
{
  return memchr (entry->attributes, (gint) attribute, entry->n_attributes) != NULL;
}

GPtrArray *
pak_directory_parse (const guint8 *bytes, gsize length, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_directory_entry_free);
  Cursor cursor = { bytes, length, 1 };

  if (length == 0 || bytes[0] != DIRECTORY_VERSION)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "Directory: its format is not known");
      return NULL;
    }
  while (cursor.offset < length && bytes[cursor.offset] != '\0')
    {
      PakDirectoryEntry *entry = read_entry (&cursor, error);

      if (entry == NULL)
        return NULL;
      g_ptr_array_add (entries, entry);
    }
  return g_steal_pointer (&entries);
}

void
pak_directory_append (const GPtrArray *entries, GByteArray *out)
{
  const guint8 version = DIRECTORY_VERSION;
  const guint8 end = 0;

  g_byte_array_append (out, &version, 1);
  for (guint i = 0; i < entries->len; i++)
    {
      const PakDirectoryEntry *entry = g_ptr_array_index (entries, i);
      guint32 size = GUINT32_TO_BE (entry->size);

      append_text (out, entry->name);
      g_byte_array_append (out, (const guint8 *) &size, sizeof size);
      append_text (out, entry->date);
      g_byte_array_append (out, entry->attributes, entry->n_attributes);
      g_byte_array_append (out, &end, 1);
    }
}
