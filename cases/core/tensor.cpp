#include "cases/core/tensor.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "cases/core/low_precision.h"

namespace packproof {
namespace {

// memcpy, because the block may have been written through another type.
template <class T>
T read_as(const Tensor& tensor, std::int64_t index) {
  T value;
  std::memcpy(&value, static_cast<const T*>(tensor.data) + tensor.place(index), sizeof value);
  return value;
}

template <class T>
void write_as(const Tensor& tensor, std::int64_t index, T value) {
  std::memcpy(static_cast<T*>(tensor.data) + tensor.place(index), &value, sizeof value);
}

template <class T>
void write_integer(const Tensor& tensor, std::int64_t index, double value) {
  // A power of two is exact as a double where max() itself may not be.
  const double low = static_cast<double>(std::numeric_limits<T>::min());
  const double beyond = std::exp2(std::numeric_limits<T>::digits);
  if (!(value >= low && value < beyond) || std::trunc(value) != value)
    throw std::logic_error(fmt::format("{}[{}]: {} is not a value of {}", tensor.name, index, value,
                                       name_of(tensor.dtype)));
  write_as(tensor, index, static_cast<T>(value));
}

}  // namespace

std::int64_t Tensor::row_size() const {
  std::int64_t elements = 1;
  for (std::size_t i = 1; i < dims.size(); ++i) elements *= dims[i].size;
  return elements;
}

void Tensor::throw_other_dtype() const {
  throw std::logic_error(
      fmt::format("{} is of {} and was read as another type", name, name_of(dtype)));
}

std::size_t Tensor::bytes() const {
  const std::int64_t elements =
      row_stride == 0 || count() == 0 ? count() : (size(0) - 1) * row_stride + row_size();
  return static_cast<std::size_t>(elements) * size_of(dtype);
}

double load(const Tensor& tensor, std::int64_t index) {
  switch (tensor.dtype) {
    case DType::bf16:
      return static_cast<double>(bf16_to_float(read_as<std::uint16_t>(tensor, index)));
    case DType::fp16:
      return static_cast<double>(fp16_to_float(read_as<std::uint16_t>(tensor, index)));
    case DType::fp32:
      return static_cast<double>(read_as<float>(tensor, index));
    case DType::fp64:
      return read_as<double>(tensor, index);
    case DType::int32:
      return static_cast<double>(read_as<std::int32_t>(tensor, index));
    case DType::int64:
      return static_cast<double>(read_as<std::int64_t>(tensor, index));
    case DType::uint8:
      return static_cast<double>(read_as<std::uint8_t>(tensor, index));
  }
  throw std::logic_error(tensor.name + ": unknown dtype");
}

void store(const Tensor& tensor, std::int64_t index, double value) {
  switch (tensor.dtype) {
    case DType::bf16:
      return write_as(tensor, index, bf16_from_double(value));
    case DType::fp16:
      return write_as(tensor, index, fp16_from_double(value));
    case DType::fp32:
      return write_as(tensor, index, static_cast<float>(value));
    case DType::fp64:
      return write_as(tensor, index, value);
    case DType::int32:
      return write_integer<std::int32_t>(tensor, index, value);
    case DType::int64:
      return write_integer<std::int64_t>(tensor, index, value);
    case DType::uint8:
      return write_integer<std::uint8_t>(tensor, index, value);
  }
  throw std::logic_error(tensor.name + ": unknown dtype");
}

}  // namespace packproof
