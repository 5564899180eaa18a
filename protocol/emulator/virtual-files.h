/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"
#include "protocol/pakbus/directory.h"

G_BEGIN_DECLS

typedef struct
{
  char   *name; /* with its drive: "CPU:weather.CR1" */
  GBytes *content;
  OpTime  date;
  guint   attributes; /* bit n: PakFileAttribute n */
} OpVirtualFile;

/** OpVirtualFiles: the drives of a station and what they hold. Names go without regard to letter case. */
typedef struct _OpVirtualFiles OpVirtualFiles;

OpVirtualFiles *op_virtual_files_new       (void);
void            op_virtual_files_free      (OpVirtualFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpVirtualFiles, op_virtual_files_free)
/** @name: "CPU:"; @size: bytes of all its files together. The first one added is where names without a drive are. */
void            op_virtual_files_add_drive (OpVirtualFiles *files, const char *name, guint32 size);
gboolean        op_virtual_files_has_drive (const OpVirtualFiles *files, const char *name);
guint           op_virtual_files_get_n     (const OpVirtualFiles *files);
/** Whether a name ends so, without regard to letter case. */
gboolean        op_virtual_files_name_ends (const char *name, const char *suffix);
/** The name with its drive. Free it. */
char           *op_virtual_files_complete  (const OpVirtualFiles *files, const char *name);
OpVirtualFile  *op_virtual_files_find      (const OpVirtualFiles *files, const char *name);
/** The first file with that attribute, or NULL. */
OpVirtualFile  *op_virtual_files_find_with (const OpVirtualFiles *files, PakFileAttribute attribute);
/**
 * Whether a file of that name, with its drive, can come to hold @size bytes. Returns: a response code: complete,
 * full, bad name, not accessible, directory full.
 */
guint           op_virtual_files_check     (const OpVirtualFiles *files, const char *name, gsize size);
/** Puts a file, to be checked before, in the place of the one of that name; of such a one it keeps the attributes. */
OpVirtualFile  *op_virtual_files_store     (OpVirtualFiles *files, const char *name, GBytes *content, OpTime date);
void            op_virtual_files_remove    (OpVirtualFiles *files, OpVirtualFile *file);
/** Removes the files whose names begin and end so, but not @kept (or NULL); @prefix alone formats a drive. */
void            op_virtual_files_remove_all (OpVirtualFiles *files, const char *prefix, const char *suffix,
                                             const OpVirtualFile *kept);
/** The .DIR file: each drive, then its files but the hidden ones. */
GBytes         *op_virtual_files_list      (const OpVirtualFiles *files);

void            op_virtual_file_set        (OpVirtualFile *file, PakFileAttribute attribute, gboolean is_set);
gboolean        op_virtual_file_has        (const OpVirtualFile *file, PakFileAttribute attribute);
/** Takes the attribute from all files, then gives it to @file, which may be NULL. */
void            op_virtual_files_move_attribute (OpVirtualFiles *files, PakFileAttribute attribute,
                                                 OpVirtualFile *file);

G_END_DECLS
