/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Response codes that the station gives (manual 2.3; pakbus-facts H2, H5). */
enum
{
  OP_CODE_COMPLETE = 0,
  OP_CODE_PERMISSION = 1,
  OP_CODE_FULL = 2,
  OP_CODE_DEFINITION = 7,
  OP_CODE_FRAGMENT = 9,
  OP_CODE_FILE_NAME = 13,
  OP_CODE_FILE_ACCESS = 14,
  OP_CODE_OPTION = 15,
  OP_CODE_NAME = 16,
  OP_CODE_CONVERSION = 17,
  OP_CODE_BOUNDS = 18,
  OP_CODE_FILE_COMMAND = 19,
  OP_CODE_DIRECTORY_FULL = 20,
  OP_CODE_RESTARTS = 21,
  OP_CODE_CANNOT_DELETE = 22,
  OP_CODE_CANNOT_FORMAT = 23,
};
