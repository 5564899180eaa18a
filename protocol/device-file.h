/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

G_BEGIN_DECLS

typedef enum
{
  OP_FILE_RUNNING = 1 << 0,
  OP_FILE_POWER_UP = 1 << 1, /* runs when the power comes */
  OP_FILE_READ_ONLY = 1 << 2,
  OP_FILE_HIDDEN = 1 << 3,
  OP_FILE_PAUSED = 1 << 4,
} OpFileFlags;

/** OpDeviceFile: a file in a device, or a drive. */
typedef struct
{
  char       *name;     /* "CPU:weather.CR1"; of a drive "CPU:" */
  guint64     size;     /* bytes; of a drive those that are free */
  char       *date;     /* "YYYY-MM-DD hh:mm:ss" by the logger's clock, or "" */
  OpFileFlags flags;
  gboolean    is_drive;
} OpDeviceFile;
void op_device_file_free (OpDeviceFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpDeviceFile, op_device_file_free)

/** What can be done with a file or with the program that runs (BMP5 manual 2.3.3.4, by its codes). */
typedef enum
{
  OP_FILE_COMMAND_RUN = 1,           /* compile and run it, now and on power-up */
  OP_FILE_COMMAND_SET_POWER_UP = 2,  /* an empty name: nothing runs on power-up */
  OP_FILE_COMMAND_HIDE = 3,
  OP_FILE_COMMAND_DELETE = 4,
  OP_FILE_COMMAND_FORMAT = 5,        /* the drive that is named */
  OP_FILE_COMMAND_RUN_KEEP_DATA = 6, /* as RUN, without deleting the data tables */
  OP_FILE_COMMAND_STOP = 7,
  OP_FILE_COMMAND_STOP_DELETE = 8,   /* and delete the files of the program */
  OP_FILE_COMMAND_NEW_OS = 9,        /* the file becomes the operating system */
  OP_FILE_COMMAND_RUN_ONCE = 10,     /* as RUN; what runs on power-up stays */
  OP_FILE_COMMAND_PAUSE = 11,
  OP_FILE_COMMAND_RESUME = 12,
  OP_FILE_COMMAND_REPLACE = 13,      /* STOP_DELETE, then RUN */
  OP_FILE_COMMAND_REPLACE_ONCE = 14, /* STOP_DELETE, then RUN_ONCE */
} OpFileCommand;

/** OpProgramState: the program in a device and what became of it. Texts are never NULL. */
typedef struct
{
  char   *os_version;
  guint16 os_signature;
  char   *serial_number;
  char   *power_up_program;  /* "" when none runs on power-up */
  guint   compile_state;     /* 0 none, 1 running, 2 cannot compile, 3 paused */
  char   *program;
  guint16 program_signature;
  OpTime  compile_time;
  char   *compile_result;
} OpProgramState;
void op_program_state_free (OpProgramState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpProgramState, op_program_state_free)

G_END_DECLS
