/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/virtual-files.h"

#include "protocol/emulator/response-code.h"

#include <string.h>

/* Manual 2.3.3.1. */
#define MAX_NAME  64
/* The root directory of a small drive. */
#define MAX_FILES 64

typedef struct
{
  char   *name;
  guint32 size;
} Drive;

struct _OpVirtualFiles
{
  GPtrArray *drives;
  GPtrArray *files;
};

static void
drive_free (Drive *drive)
{
  g_free (drive->name);
  g_free (drive);
}

static void
file_free (OpVirtualFile *file)
{
  g_free (file->name);
  g_bytes_unref (file->content);
  g_free (file);
}

static gboolean
begins_with (const char *name, const char *prefix)
{
  return g_ascii_strncasecmp (name, prefix, strlen (prefix)) == 0;
}

static const Drive *
find_drive (const OpVirtualFiles *files, const char *name)
{
  for (guint i = 0; i < files->drives->len; i++)
    if (begins_with (name, ((const Drive *) files->drives->pdata[i])->name))
      return files->drives->pdata[i];
  return NULL;
}

/* What all files of the drive hold, and how many they are. */
static gsize
count_used (const OpVirtualFiles *files, const Drive *drive, guint *n_files)
{
  gsize used = 0;

  *n_files = 0;
  for (guint i = 0; i < files->files->len; i++)
    {
      const OpVirtualFile *file = files->files->pdata[i];

      if (!begins_with (file->name, drive->name))
        continue;
      used += g_bytes_get_size (file->content);
      (*n_files)++;
    }
  return used;
}

/* A program from the start may be larger than the drive. */
static gsize
get_free (const Drive *drive, gsize used)
{
  return drive->size - MIN (used, drive->size);
}

OpVirtualFiles *
op_virtual_files_new (void)
{
  OpVirtualFiles *files = g_new0 (OpVirtualFiles, 1);

  files->drives = g_ptr_array_new_with_free_func ((GDestroyNotify) drive_free);
  files->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  return files;
}

void
op_virtual_files_free (OpVirtualFiles *files)
{
  g_ptr_array_unref (files->drives);
  g_ptr_array_unref (files->files);
  g_free (files);
}

void
op_virtual_files_add_drive (OpVirtualFiles *files, const char *name, guint32 size)
{
  Drive *drive = g_new (Drive, 1);

  *drive = (Drive) { g_strdup (name), size };
  g_ptr_array_add (files->drives, drive);
}

gboolean
op_virtual_files_has_drive (const OpVirtualFiles *files, const char *name)
{
  const Drive *drive = find_drive (files, name);

  return drive != NULL && strlen (drive->name) == strlen (name);
}

guint
op_virtual_files_get_n (const OpVirtualFiles *files)
{
  return files->files->len;
}

gboolean
op_virtual_files_name_ends (const char *name, const char *suffix)
{
  gsize length = strlen (name), suffix_length = strlen (suffix);

  return length >= suffix_length && g_ascii_strcasecmp (name + length - suffix_length, suffix) == 0;
}

char *
op_virtual_files_complete (const OpVirtualFiles *files, const char *name)
{
  const Drive *first = files->drives->pdata[0];

  return strchr (name, ':') != NULL ? g_strdup (name) : g_strconcat (first->name, name, NULL);
}

OpVirtualFile *
op_virtual_files_find (const OpVirtualFiles *files, const char *name)
{
  g_autofree char *complete = op_virtual_files_complete (files, name);

  for (guint i = 0; i < files->files->len; i++)
    if (g_ascii_strcasecmp (((const OpVirtualFile *) files->files->pdata[i])->name, complete) == 0)
      return files->files->pdata[i];
  return NULL;
}

OpVirtualFile *
op_virtual_files_find_with (const OpVirtualFiles *files, PakFileAttribute attribute)
{
  for (guint i = 0; i < files->files->len; i++)
    if (op_virtual_file_has (files->files->pdata[i], attribute))
      return files->files->pdata[i];
  return NULL;
}

/* Letters that a path of the FAT file system does not have; control characters neither. */
static gboolean
is_name (const char *name, const Drive *drive)
{
  if (drive == NULL || strlen (name) == strlen (drive->name) || strlen (name) > MAX_NAME)
    return FALSE;
  for (const char *at = name + strlen (drive->name); *at != '\0'; at++)
    if ((guchar) *at < ' ' || strchr ("\"*/:<>?\\|", *at) != NULL)
      return FALSE;
  return TRUE;
}

guint
op_virtual_files_check (const OpVirtualFiles *files, const char *name, gsize size)
{
  const Drive *drive = find_drive (files, name);
  const OpVirtualFile *old;
  gsize used;
  guint n_files;

  if (!is_name (name, drive))
    return OP_CODE_FILE_NAME;
  old = op_virtual_files_find (files, name);
  /* What the system makes anew whenever it is read. */
  if (op_virtual_files_name_ends (name, ".TDF") || op_virtual_files_name_ends (name, ".DIR"))
    return OP_CODE_FILE_ACCESS;
  if (old != NULL && op_virtual_file_has (old, PAK_FILE_READ_ONLY))
    return OP_CODE_FILE_ACCESS;
  used = count_used (files, drive, &n_files);
  if (old == NULL && n_files >= MAX_FILES)
    return OP_CODE_DIRECTORY_FULL;
  if (old != NULL)
    used -= g_bytes_get_size (old->content);
  return size > get_free (drive, used) ? OP_CODE_FULL : OP_CODE_COMPLETE;
}

OpVirtualFile *
op_virtual_files_store (OpVirtualFiles *files, const char *name, GBytes *content, OpTime date)
{
  OpVirtualFile *file = op_virtual_files_find (files, name);

  if (file == NULL)
    {
      file = g_new0 (OpVirtualFile, 1);
      file->name = g_strdup (name);
      g_ptr_array_add (files->files, file);
    }
  g_bytes_ref (content);
  g_clear_pointer (&file->content, g_bytes_unref);
  file->content = content;
  file->date = date;
  return file;
}

void
op_virtual_files_remove (OpVirtualFiles *files, OpVirtualFile *file)
{
  g_ptr_array_remove (files->files, file);
}

void
op_virtual_files_remove_all (OpVirtualFiles *files, const char *prefix, const char *suffix, const OpVirtualFile *kept)
{
  for (guint i = files->files->len; i > 0; i--)
    {
      const OpVirtualFile *file = files->files->pdata[i - 1];

      if (file != kept && begins_with (file->name, prefix) && op_virtual_files_name_ends (file->name, suffix))
        g_ptr_array_remove_index (files->files, i - 1);
    }
}

static void
list_file (const OpVirtualFile *file, GPtrArray *entries)
{
  PakDirectoryEntry *entry;
  char date[OP_TIME_TEXT_SIZE];

  op_time_format (file->date / OP_SECOND * OP_SECOND, date);
  entry = pak_directory_entry_new (file->name, g_bytes_get_size (file->content), date);
  for (PakFileAttribute i = PAK_FILE_RUNNING; i <= PAK_FILE_PAUSED; i++)
    if (op_virtual_file_has (file, i))
      pak_directory_entry_add_attribute (entry, i);
  g_ptr_array_add (entries, entry);
}

/* A drive comes with what is free on it (pakbus-facts G4). */
static void
list_drive (const OpVirtualFiles *files, const Drive *drive, GPtrArray *entries)
{
  guint n_files;
  gsize used = count_used (files, drive, &n_files);

  g_ptr_array_add (entries, pak_directory_entry_new (drive->name, get_free (drive, used), ""));
  for (guint i = 0; i < files->files->len; i++)
    {
      const OpVirtualFile *file = files->files->pdata[i];

      if (begins_with (file->name, drive->name) && !op_virtual_file_has (file, PAK_FILE_HIDDEN))
        list_file (file, entries);
    }
}

GBytes *
op_virtual_files_list (const OpVirtualFiles *files)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_directory_entry_free);
  GByteArray *list = g_byte_array_new ();

  for (guint i = 0; i < files->drives->len; i++)
    list_drive (files, files->drives->pdata[i], entries);
  pak_directory_append (entries, list);
  return g_byte_array_free_to_bytes (list);
}

void
op_virtual_file_set (OpVirtualFile *file, PakFileAttribute attribute, gboolean is_set)
{
  if (is_set)
    file->attributes |= 1u << attribute;
  else
    file->attributes &= ~(1u << attribute);
}

gboolean
op_virtual_file_has (const OpVirtualFile *file, PakFileAttribute attribute)
{
  return (file->attributes & 1u << attribute) != 0;
}

void
op_virtual_files_move_attribute (OpVirtualFiles *files, PakFileAttribute attribute, OpVirtualFile *file)
{
  for (guint i = 0; i < files->files->len; i++)
    op_virtual_file_set (files->files->pdata[i], attribute, files->files->pdata[i] == file);
}
