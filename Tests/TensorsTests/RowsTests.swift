import Tensors
import Testing

@Suite struct RowsTests {
  @Test func stacksRowsHeadByHead() {
    let wide = Tensor([1, 2, 3, 10, 20, 30], shape: [2, 1, 3])
    let narrow = Tensor([4, 5, 6, 7, 40, 50, 60, 70], shape: [2, 2, 2])
    let all = Tensor.stacking([narrow, wide])
    #expect(all.shape == [2, 3, 3])
    #expect(all.slice(0).numbers == [4, 5, 0, 6, 7, 0, 1, 2, 3])
    #expect(all.slice(1).numbers == [40, 50, 0, 60, 70, 0, 10, 20, 30])
  }

  @Test func stacksPlainRows() {
    let (a, b) = (Tensor([1, 2], shape: [1, 2]), Tensor([3, 4, 5, 6], shape: [2, 2]))
    #expect(Tensor.stacking([a, b]) == Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]))
    #expect(Tensor.stacking([b]) == b)
  }
}
